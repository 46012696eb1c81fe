/** The catalogue in English. The other languages have the type of this one: a text that is missing does not compile. */
export const en = {
  languageName: 'English',
  title: 'Customer Insights connector',
  skip: 'Skip to the content',
  navigation: 'Pages',
  language: 'Language',
  theme: 'Colours',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  signIn: 'Sign in',
  signOut: 'Sign out',
  signInText: 'Sign in with your work account to see the flows that you have registered.',
  signInRefused: 'The sign-in was refused',
  notSetUp: 'The console is not set up',
  notSetUpText:
    'This deployment has no registration for the sign-in of the console. The page "The console" of the documentation says how to make one.',
  signedInAs: (name: string) => `Signed in as ${name}`,
  operatorBadge: 'Operator',
  loading: 'Loading…',
  live: 'Live',
  updatedAt: (time: string) => `Updated at ${time}`,
  failed: 'This could not be loaded',
  unreachable: 'The API cannot be reached. The page tries again every few seconds.',
  tryAgain: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  none: 'none',
  close: 'Close',
  cancel: 'Cancel',
  opensNewTab: 'opens in a new tab',
  pageNotFound: 'There is no such page',
  pages: { destinations: 'Export destinations' },
  destinations: {
    intro:
      'Where Customer Insights sends what happens. The connector of this deployment is the tile Power Automate.',
    powerAutomate: 'Power Automate',
    powerAutomateText:
      'Starts flows when a refresh fails or ends, or when a segment or a measure crosses a threshold.',
    inUse: 'In use',
    notInUse: 'Not in use yet',
    lastCall: (time: string) => `Last call of a connector: ${time}`,
    noCall: 'No connector has called yet.',
    connectorVersion: (version: string) => `Version of the connector: ${version}`,
    deploymentVersion: (version: string) => `Version of this deployment: ${version}`,
    registered: (count: string) => `Your triggers: ${count}`,
    ended: (count: string) => `Ended: ${count}`,
    configure: 'Configure',
    configureTitle: 'Configure Power Automate',
    openConnector: 'Open the connector in Power Automate',
    openConnectorText: 'Sign in there, test the connection, then add a trigger to a flow.',
    notImported: 'The address of the connector is not known to this deployment yet.',
    importSteps: 'Three steps to import it',
    step1: 'Make the files of the connector and the ready flows from the outputs of the deployment:',
    step2:
      'In the maker portal open Custom connectors, choose New, Import an OpenAPI file, and give apiDefinition.swagger.json; or let paconn do it. Ready flows: Solutions, Import, both solution files of dist/flows.',
    step3:
      'Copy the address of the connector from the portal into the configuration key console.connectorUrl, and deploy again.',
    chooseTrigger: 'Choose a trigger',
    promise: 'What it promises',
    newFlow: 'New flow in Power Automate',
    triggers: {
      OnDataSourceRefreshFailed: {
        name: 'When a data source fails to refresh',
        promise: 'Starts the flow once for each failure, with the reason, within about a minute and a half.',
      },
      OnDataSourceRefreshSucceeded: {
        name: 'When a data source is refreshed',
        promise: 'Starts the flow once for each refresh that succeeded, also after a retry.',
      },
      OnSegmentThresholdCrossed: {
        name: 'When a segment crosses a threshold',
        promise:
          'Starts the flow when the number of members crosses your threshold; with a reset level not again before that is reached.',
      },
      OnMeasureThresholdCrossed: {
        name: 'When a measure crosses a threshold',
        promise: 'Starts the flow when the value of a measure crosses your threshold; numbers are exact.',
      },
      OnFullRefreshCompleted: {
        name: 'When a full refresh is completed',
        promise: 'Starts the flow once for each full refresh, with the outcome of each stage.',
      },
      OnUnificationRefreshCompleted: {
        name: 'When a unification is completed',
        promise: 'Starts the flow once for each unification, as soon as the profiles are new.',
      },
    },
  },
};

export type Texts = typeof en;
