/** The API of a custom connector, called as its definition and its policies say. */
import type { ConnectorOperation, Json } from './connector-definition.ts';

export interface ConnectorAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; null for none. */
  readonly body: Json;
  /** The body as it was sent, in which long numbers have all their digits; empty for none. */
  readonly text: string;
}

/**
 * Calls operations knowing only the generated files, as the platform does: the request is made from the definition, the
 * policies are applied, and a link to the next page goes through the connector.
 */
export interface ConnectorClient {
  readonly operations: ReadonlyMap<string, ConnectorOperation>;
  /** The definition's scheme, host and base path: what a Location begins with. */
  readonly publicUrl: string;
  /**
   * @param values parameter name → value, JSON or what an expression gives; the body under the name of the body parameter
   * @throws DefinitionUnusable when the operation or a required parameter is not there
   */
  call(operationId: string, values: Readonly<Record<string, unknown>>): Promise<ConnectorAnswer>;
  /** Follows the link that an answer of this operation held, with the user's sign-in. */
  nextPage(operationId: string, answer: Pick<ConnectorAnswer, 'body'>): Promise<ConnectorAnswer | undefined>;
  /** DELETE at a Location, without credentials. */
  unsubscribe(location: string): Promise<ConnectorAnswer>;
}
