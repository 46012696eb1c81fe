/**
 * The names under which the API's registration in Entra ID is the audience of a token, best first: its application id in
 * tokens of version 2, its application id URI in those of version 1. The gateway and the functions admit the same ones:
 * what the gateway refuses gets a bare 401, and only a function can say what to change.
 */
export const audiencesOf = (apiClientId: string): [string, ...string[]] => [
  apiClientId,
  `api://${apiClientId}`,
];
