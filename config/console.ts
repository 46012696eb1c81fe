/** Names of the console that its pages, its registration in Entra ID and the deployment share. */

/** Where the pages are; the redirect address of the sign-in has this path. */
export const consolePath = '/console';

/** The delegated permission that opens the console's operations, and nothing else. */
export const consoleScope = 'use_console';

/** The app role, on the API's registration, of people who see what others own. */
export const operatorRole = 'Operator';

/** Calls of a person's console that a window admits: pages that are open ask every 5 s. */
export const consoleBudget = { calls: 100, windowSeconds: 10 };
