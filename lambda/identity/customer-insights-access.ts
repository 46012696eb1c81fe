/**
 * What Microsoft Entra ID calls the Customer Insights API: the audience its tokens carry and the permissions
 * an application needs for it. The same names appear in the admin centre, so messages can quote them.
 */

/** The `aud` of a token for the Customer Insights REST API. */
export const customerInsightsAudience = 'https://api.ci.ai.microsoft.com';

/** The scope to ask for, both on behalf of a user and as an application. */
export const customerInsightsScope = `${customerInsightsAudience}/.default`;

/** The API's display name in the list of API permissions. */
export const customerInsightsApiName = 'Dynamics 365 AI for Customer Insights';

/** Permission to act as the signed-in user. */
export const delegatedPermission = 'user_impersonation';

/** Permission to act as the application itself; always needs an administrator's consent. */
export const applicationPermission = 'api.access';
