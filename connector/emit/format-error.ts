/**
 * The contract says something that the connector format cannot hold. Names the operation, the place and the
 * remedy.
 */
export class ConnectorFormatError extends Error {
  override readonly name = 'ConnectorFormatError';
  readonly exitCode = 1;
  readonly operationId: string;
  readonly place: string;

  constructor(operationId: string, place: string, problem: string) {
    super(`${operationId}, ${place}: ${problem}`);
    this.operationId = operationId;
    this.place = place;
  }
}
