/** A user who called through the connector, as their verified token states it. */
export interface Caller {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientAppId: string;
  /** For people to read, never to decide by: user names change. */
  readonly userName?: string;
  /** App roles on the API's registration; none when absent. */
  readonly roles?: readonly string[];
  /** The token itself, as the assertion of the on-behalf-of exchange. A secret: never log or return it. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}
