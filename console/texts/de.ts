import type { Texts } from './en.ts';

/** German. */
export const de: Texts = {
  languageName: 'Deutsch',
  title: 'Customer-Insights-Connector',
  skip: 'Zum Inhalt springen',
  navigation: 'Seiten',
  language: 'Sprache',
  theme: 'Farben',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  signInText: 'Melden Sie sich mit Ihrem Geschäftskonto an, um Ihre registrierten Flows zu sehen.',
  signInRefused: 'Die Anmeldung wurde abgelehnt',
  notSetUp: 'Die Konsole ist nicht eingerichtet',
  notSetUpText:
    'Dieser Bereitstellung fehlt eine Registrierung für die Anmeldung an der Konsole. Die Seite „The console“ der Dokumentation beschreibt, wie man eine anlegt.',
  signedInAs: (name) => `Angemeldet als ${name}`,
  operatorBadge: 'Operator',
  loading: 'Wird geladen …',
  live: 'Live',
  updatedAt: (time) => `Stand: ${time}`,
  failed: 'Das konnte nicht geladen werden',
  unreachable: 'Die API ist nicht erreichbar. Die Seite versucht es alle paar Sekunden erneut.',
  tryAgain: 'Erneut versuchen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  none: 'keine',
  close: 'Schließen',
  cancel: 'Abbrechen',
  opensNewTab: 'öffnet einen neuen Tab',
  pageNotFound: 'Diese Seite gibt es nicht',
  pages: { destinations: 'Exportziele' },
  destinations: {
    intro:
      'Wohin Customer Insights meldet, was geschieht. Der Connector dieser Bereitstellung ist die Kachel Power Automate.',
    powerAutomate: 'Power Automate',
    powerAutomateText:
      'Startet Flows, wenn eine Aktualisierung fehlschlägt oder endet oder wenn ein Segment oder eine Kennzahl einen Schwellenwert überschreitet.',
    inUse: 'In Benutzung',
    notInUse: 'Noch nicht in Benutzung',
    lastCall: (time) => `Letzter Aufruf eines Connectors: ${time}`,
    noCall: 'Noch kein Connector hat aufgerufen.',
    connectorVersion: (version) => `Version des Connectors: ${version}`,
    deploymentVersion: (version) => `Version dieser Bereitstellung: ${version}`,
    registered: (count) => `Ihre Trigger: ${count}`,
    ended: (count) => `Beendet: ${count}`,
    configure: 'Konfigurieren',
    configureTitle: 'Power Automate konfigurieren',
    openConnector: 'Connector in Power Automate öffnen',
    openConnectorText:
      'Melden Sie sich dort an, testen Sie die Verbindung und fügen Sie einem Flow einen Trigger hinzu.',
    notImported: 'Die Adresse des Connectors ist dieser Bereitstellung noch nicht bekannt.',
    importSteps: 'Drei Schritte zum Import',
    step1:
      'Erzeugen Sie die Dateien des Connectors und die fertigen Flows aus den Ausgaben der Bereitstellung:',
    step2:
      'Öffnen Sie im Portal „Benutzerdefinierte Connectors“, wählen Sie „Neu“, „OpenAPI-Datei importieren“ und geben Sie apiDefinition.swagger.json an; oder überlassen Sie es paconn. Fertige Flows: „Lösungen“, „Importieren“, beide Lösungsdateien aus dist/flows.',
    step3:
      'Kopieren Sie die Adresse des Connectors aus dem Portal in den Konfigurationsschlüssel console.connectorUrl und stellen Sie erneut bereit.',
    chooseTrigger: 'Trigger wählen',
    promise: 'Was er verspricht',
    newFlow: 'Neuer Flow in Power Automate',
    triggers: {
      OnDataSourceRefreshFailed: {
        name: 'Wenn eine Datenquelle nicht aktualisiert werden kann',
        promise:
          'Startet den Flow einmal je Fehlschlag, mit dem Grund, innerhalb von etwa anderthalb Minuten.',
      },
      OnDataSourceRefreshSucceeded: {
        name: 'Wenn eine Datenquelle aktualisiert ist',
        promise: 'Startet den Flow einmal je gelungener Aktualisierung, auch nach einer Wiederholung.',
      },
      OnSegmentThresholdCrossed: {
        name: 'Wenn ein Segment einen Schwellenwert überschreitet',
        promise:
          'Startet den Flow, wenn die Zahl der Mitglieder den Schwellenwert überschreitet; mit Rücksetzwert erst wieder, wenn dieser erreicht war.',
      },
      OnMeasureThresholdCrossed: {
        name: 'Wenn eine Kennzahl einen Schwellenwert überschreitet',
        promise:
          'Startet den Flow, wenn der Wert einer Kennzahl den Schwellenwert überschreitet; Zahlen sind exakt.',
      },
      OnFullRefreshCompleted: {
        name: 'Wenn eine vollständige Aktualisierung abgeschlossen ist',
        promise: 'Startet den Flow einmal je vollständiger Aktualisierung, mit dem Ergebnis jeder Stufe.',
      },
      OnUnificationRefreshCompleted: {
        name: 'Wenn eine Vereinheitlichung abgeschlossen ist',
        promise: 'Startet den Flow einmal je Vereinheitlichung, sobald die Profile neu sind.',
      },
    },
  },
};
