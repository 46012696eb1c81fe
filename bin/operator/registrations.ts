/** The registrations in Microsoft Entra ID that a deployment needs: as commands for two shells, and as steps in words. */

export const shells = ['posix', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** What the registrations are called; the page on deployment and `init` use the same name. */
export const registrationName = 'Customer Insights Events';

/** Where Power Platform sends a person back to after signing in. */
const connectorRedirect = 'https://global.consent.azure-apim.net/redirect';

/** Entra ID needs up to a minute until a new registration is known everywhere. */
const retried: Readonly<Record<Shell, string>> = {
  posix: `# A new registration is known everywhere only after a while: repeat what fails, for two minutes.
again() { for _ in $(seq 12); do "$@" && return; sleep 10; done; echo "Failed for two minutes: $*" >&2; return 1; }`,
  powershell: `# A new registration is known everywhere only after a while: repeat what fails, for two minutes.
function again([scriptblock]$do) { foreach ($try in 1..12) { & $do; if ($LASTEXITCODE -eq 0) { return }; Start-Sleep 10 }; throw "Failed for two minutes: $do" }`,
};

/** Body of the API's registration. Both shells fill in their variables $API, $SCOPE and $ROLE. */
const apiRegistration = `{
  "identifierUris": ["api://$API"],
  "api": {
    "requestedAccessTokenVersion": 2,
    "oauth2PermissionScopes": [{
      "id": "$SCOPE", "value": "access_as_user", "type": "User", "isEnabled": true,
      "adminConsentDisplayName": "Use the connector", "adminConsentDescription": "Use the connector as the signed-in person.",
      "userConsentDisplayName": "Use the connector", "userConsentDescription": "Use the connector as you."
    }]
  },
  "appRoles": [{
    "id": "$ROLE", "value": "Operator", "displayName": "Operator", "isEnabled": true, "allowedMemberTypes": ["User"],
    "description": "See and end the subscriptions of everybody in the console."
  }]
}`;

const posix = (name: string): string => `${retried.posix}

az account show --query '{tenant: tenantId, user: user.name}' -o table

# 1. The API. Its tokens are of version 2, people use it with access_as_user, operators have a role of their own.
API=$(az ad app create --display-name '${name} API' --sign-in-audience AzureADMyOrg --query appId -o tsv)
again az ad sp create --id "$API" -o none
SCOPE=$(node -p 'crypto.randomUUID()'); ROLE=$(node -p 'crypto.randomUUID()')
cat > api-registration.json <<JSON
${apiRegistration}
JSON
again az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications(appId='$API')" \\
  --headers 'Content-Type=application/json' --body @api-registration.json

# 2. What the API may do in Customer Insights.
CI=$(az ad sp list --filter "displayName eq 'Dynamics 365 AI for Customer Insights'" --query '[0].appId' -o tsv)
[ -n "$CI" ] || echo 'Customer Insights was never used in this tenant: open it once, then repeat from here.' >&2
DELEGATED=$(az ad sp show --id "$CI" --query "oauth2PermissionScopes[?value=='user_impersonation'].id" -o tsv)
APPLICATION=$(az ad sp show --id "$CI" --query "appRoles[?value=='api.access'].id" -o tsv)
again az ad app permission add --id "$API" --api "$CI" --api-permissions "$DELEGATED=Scope" "$APPLICATION=Role"
again az ad app permission admin-consent --id "$API"

# 3. The connector, which signs makers in.
CONNECTOR=$(az ad app create --display-name '${name}' --sign-in-audience AzureADMyOrg \\
  --web-redirect-uris '${connectorRedirect}' --query appId -o tsv)
again az ad sp create --id "$CONNECTOR" -o none
again az ad app permission add --id "$CONNECTOR" --api "$API" --api-permissions "$SCOPE=Scope"
again az ad app permission admin-consent --id "$CONNECTOR"

# 4. The console, a single-page application. Add the redirect address that the deployment prints afterwards.
CONSOLE=$(az ad app create --display-name '${name} Console' --sign-in-audience AzureADMyOrg --query appId -o tsv)
again az ad sp create --id "$CONSOLE" -o none
again az ad app permission add --id "$CONSOLE" --api "$API" --api-permissions "$SCOPE=Scope"
again az ad app permission admin-consent --id "$CONSOLE"

echo "--tenant $(az account show --query tenantId -o tsv) --connector-app $CONNECTOR --api-app $API --console-app $CONSOLE"`;

const powershell = (name: string): string => `${retried.powershell}

az account show --query '{tenant: tenantId, user: user.name}' -o table

# 1. The API. Its tokens are of version 2, people use it with access_as_user, operators have a role of their own.
$API = az ad app create --display-name '${name} API' --sign-in-audience AzureADMyOrg --query appId -o tsv
again { az ad sp create --id $API -o none }
$SCOPE = [guid]::NewGuid(); $ROLE = [guid]::NewGuid()
@"
${apiRegistration}
"@ | Set-Content -Encoding ascii api-registration.json
again { az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications(appId='$API')" --headers 'Content-Type=application/json' --body '@api-registration.json' }

# 2. What the API may do in Customer Insights.
$CI = az ad sp list --filter "displayName eq 'Dynamics 365 AI for Customer Insights'" --query '[0].appId' -o tsv
if (-not $CI) { Write-Error 'Customer Insights was never used in this tenant: open it once, then repeat from here.' }
$DELEGATED = az ad sp show --id $CI --query "oauth2PermissionScopes[?value=='user_impersonation'].id" -o tsv
$APPLICATION = az ad sp show --id $CI --query "appRoles[?value=='api.access'].id" -o tsv
again { az ad app permission add --id $API --api $CI --api-permissions "$DELEGATED=Scope" "$APPLICATION=Role" }
again { az ad app permission admin-consent --id $API }

# 3. The connector, which signs makers in.
$CONNECTOR = az ad app create --display-name '${name}' --sign-in-audience AzureADMyOrg --web-redirect-uris '${connectorRedirect}' --query appId -o tsv
again { az ad sp create --id $CONNECTOR -o none }
again { az ad app permission add --id $CONNECTOR --api $API --api-permissions "$SCOPE=Scope" }
again { az ad app permission admin-consent --id $CONNECTOR }

# 4. The console, a single-page application. Add the redirect address that the deployment prints afterwards.
$CONSOLE = az ad app create --display-name '${name} Console' --sign-in-audience AzureADMyOrg --query appId -o tsv
again { az ad sp create --id $CONSOLE -o none }
again { az ad app permission add --id $CONSOLE --api $API --api-permissions "$SCOPE=Scope" }
again { az ad app permission admin-consent --id $CONSOLE }

"--tenant $(az account show --query tenantId -o tsv) --connector-app $CONNECTOR --api-app $API --console-app $CONSOLE"`;

/** @param name of the registrations; without quotes */
export const registrationCommands = (shell: Shell, name: string): string =>
  ({ posix, powershell })[shell](name);

/** The same in the portal, with its labels. */
export const portalSteps = (name: string): readonly string[] => [
  `Open https://entra.microsoft.com > App registrations > New registration. Name: "${name} API". Supported account types: Accounts in this organizational directory only. Register. Note "Application (client) ID" (--api-app) and "Directory (tenant) ID" (--tenant).`,
  'In it: Expose an API > Add > keep the address api://… > Save. Add a scope: access_as_user, Admins and users, a name and a description, Add scope.',
  'In it: Manifest > "requestedAccessTokenVersion": 2 > Save. Without it every call is answered 401.',
  'In it: App roles > Create app role: Operator, allowed member types Users/Groups, value Operator.',
  'In it: API permissions > Add a permission > APIs my organization uses > Dynamics 365 AI for Customer Insights: Delegated permissions user_impersonation, Application permissions api.access. Then Grant admin consent.',
  `New registration: "${name}". Redirect URI: Web, ${connectorRedirect}. Note its Application (client) ID (--connector-app). API permissions > My APIs > "${name} API" > access_as_user. Grant admin consent.`,
  `New registration: "${name} Console". Redirect URI: Single-page application; its address is printed by the deployment. Note its id (--console-app). API permissions as above. Grant admin consent.`,
];
