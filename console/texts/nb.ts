import type { Texts } from './en.ts';

/** Norwegian (Bokmål). */
export const nb: Texts = {
  languageName: 'Norsk',
  title: 'Customer Insights-kobling',
  skip: 'Hopp til innholdet',
  navigation: 'Sider',
  language: 'Språk',
  theme: 'Farger',
  themes: { system: 'Som systemet', light: 'Lys', dark: 'Mørk' },
  signIn: 'Logg på',
  signOut: 'Logg av',
  signInText: 'Logg på med jobbkontoen din for å se flytene du har registrert.',
  signInRefused: 'Påloggingen ble avvist',
  notSetUp: 'Konsollen er ikke satt opp',
  notSetUpText:
    'Denne installasjonen har ingen registrering for pålogging til konsollen. Siden «The console» i dokumentasjonen forklarer hvordan du lager en.',
  signedInAs: (name) => `Pålogget som ${name}`,
  operatorBadge: 'Operatør',
  loading: 'Laster …',
  live: 'Direkte',
  updatedAt: (time) => `Oppdatert ${time}`,
  failed: 'Dette kunne ikke lastes',
  unreachable: 'Får ikke kontakt med API-et. Siden prøver igjen med få sekunders mellomrom.',
  tryAgain: 'Prøv igjen',
  copy: 'Kopier',
  copied: 'Kopiert',
  none: 'ingen',
  close: 'Lukk',
  cancel: 'Avbryt',
  opensNewTab: 'åpnes i en ny fane',
  pageNotFound: 'Siden finnes ikke',
  pages: { destinations: 'Eksportmål' },
  destinations: {
    intro:
      'Hit sender Customer Insights det som skjer. Koblingen i denne installasjonen er flisen Power Automate.',
    powerAutomate: 'Power Automate',
    powerAutomateText:
      'Starter flyter når en oppdatering feiler eller blir ferdig, eller når et segment eller et mål krysser en terskel.',
    inUse: 'I bruk',
    notInUse: 'Ikke i bruk ennå',
    lastCall: (time) => `Siste kall fra en kobling: ${time}`,
    noCall: 'Ingen kobling har kalt ennå.',
    connectorVersion: (version) => `Koblingens versjon: ${version}`,
    deploymentVersion: (version) => `Installasjonens versjon: ${version}`,
    registered: (count) => `Dine utløsere: ${count}`,
    ended: (count) => `Avsluttet: ${count}`,
    configure: 'Konfigurer',
    configureTitle: 'Konfigurer Power Automate',
    openConnector: 'Åpne koblingen i Power Automate',
    openConnectorText: 'Logg på der, test tilkoblingen, og legg så en utløser til en flyt.',
    notImported: 'Denne installasjonen kjenner ikke koblingens adresse ennå.',
    importSteps: 'Tre trinn for å importere den',
    step1: 'Lag koblingens filer og de ferdige flytene ut fra installasjonens utdata:',
    step2:
      'Åpne Egendefinerte koblinger i portalen, velg Ny, Importer en OpenAPI-fil, og oppgi apiDefinition.swagger.json; eller la paconn gjøre det. Ferdige flyter: Løsninger, Importer, begge løsningsfilene i dist/flows.',
    step3:
      'Kopier koblingens adresse fra portalen til konfigurasjonsnøkkelen console.connectorUrl, og installer på nytt.',
    chooseTrigger: 'Velg en utløser',
    promise: 'Hva den lover',
    newFlow: 'Ny flyt i Power Automate',
    triggers: {
      OnDataSourceRefreshFailed: {
        name: 'Når en datakilde ikke kan oppdateres',
        promise: 'Starter flyten én gang for hver feil, med årsaken, innen omtrent halvannet minutt.',
      },
      OnDataSourceRefreshSucceeded: {
        name: 'Når en datakilde er oppdatert',
        promise: 'Starter flyten én gang for hver vellykket oppdatering, også etter et nytt forsøk.',
      },
      OnSegmentThresholdCrossed: {
        name: 'Når et segment krysser en terskel',
        promise:
          'Starter flyten når antall medlemmer krysser terskelen; med et tilbakestillingsnivå ikke på nytt før det er nådd.',
      },
      OnMeasureThresholdCrossed: {
        name: 'Når et mål krysser en terskel',
        promise: 'Starter flyten når verdien av et mål krysser terskelen; tallene er eksakte.',
      },
      OnFullRefreshCompleted: {
        name: 'Når en full oppdatering er ferdig',
        promise: 'Starter flyten én gang for hver fulle oppdatering, med resultatet av hvert trinn.',
      },
      OnUnificationRefreshCompleted: {
        name: 'Når en sammenslåing er ferdig',
        promise: 'Starter flyten én gang for hver sammenslåing, så snart profilene er nye.',
      },
    },
  },
};
