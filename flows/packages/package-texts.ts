/**
 * The texts of packages beside those of the connector and the flows, in the other languages: INSTALL.md, the variable of
 * the host, the names of solutions. See connector/texts/language.ts; `{0}`, `{1}` … are values.
 */
import type { Catalogue } from '../../connector/texts/language.ts';

export const packageTexts: Catalogue = {
  'Install the connector and its flows': {
    nb: 'Installer koblingen og flytene',
    de: 'Connector und Flows installieren',
  },
  'The names of pages and buttons are those of the English user interface.': {
    nb: 'Navnene på sider og knapper er de i det engelske brukergrensesnittet.',
    de: 'Die Namen von Seiten und Schaltflächen sind die der englischen Benutzeroberfläche.',
  },
  '`{0}` contains the connector and the flows. Two packages are safer: an import that asks for connections asks before the connector exists.':
    {
      nb: '`{0}` inneholder koblingen og flytene. To pakker er tryggere: en import som spør etter tilkoblinger, spør før koblingen finnes.',
      de: '`{0}` enthält den Connector und die Flows. Zwei Pakete sind sicherer: Ein Import, der nach Verbindungen fragt, fragt, bevor es den Connector gibt.',
    },
  '`{0}` contains the connector, `{1}` the flows:': {
    nb: '`{0}` inneholder koblingen, `{1}` flytene:',
    de: '`{0}` enthält den Connector, `{1}` die Flows:',
  },
  'The flows are off when they have been imported. Six steps lead to running ones. You need the role System Customizer in the environment, and a premium licence for who runs the flows.':
    {
      nb: 'Flytene er av når de er importert. Seks trinn fører til flyter som kjører. Du trenger rollen System Customizer i miljøet, og en premium-lisens for den som kjører flytene.',
      de: 'Die Flows sind nach dem Import ausgeschaltet. Sechs Schritte führen zu laufenden Flows. Sie benötigen die Rolle System Customizer in der Umgebung und eine Premium-Lizenz für die Person, die die Flows ausführt.',
    },
  '**Import the connector.** make.powerapps.com, your environment, Solutions, Import solution, `{0}`. The import shows the environment variable *{1}* (`{2}`): the host of your deployment, `{3}`, without `https://`.':
    {
      nb: '**Importer koblingen.** make.powerapps.com, ditt miljø, Solutions, Import solution, `{0}`. Importen viser miljøvariabelen *{1}* (`{2}`): verten for din distribusjon, `{3}`, uten `https://`.',
      de: '**Importieren Sie den Connector.** make.powerapps.com, Ihre Umgebung, Solutions, Import solution, `{0}`. Der Import zeigt die Umgebungsvariable *{1}* (`{2}`): den Host Ihrer Bereitstellung, `{3}`, ohne `https://`.',
    },
  "**Set the secret and register the redirect URL.** Open the connector, Edit, Security: paste the client secret of the connector's application registration (no package ever contains it) and save. The page then shows the redirect URL of this environment, `https://global.consent.azure-apim.net/redirect/…`; add it to the application registration in Microsoft Entra ID (Authentication, Web). It is another one in each environment. A later import of the connector may remove the secret: set it again.":
    {
      nb: '**Angi hemmeligheten og registrer omdirigerings-URL-en.** Åpne koblingen, Edit, Security: lim inn klienthemmeligheten for koblingens appregistrering (ingen pakke inneholder den) og lagre. Siden viser deretter omdirigerings-URL-en for dette miljøet, `https://global.consent.azure-apim.net/redirect/…`; legg den til i appregistreringen i Microsoft Entra ID (Authentication, Web). Den er ulik i hvert miljø. En senere import av koblingen kan fjerne hemmeligheten: angi den da på nytt.',
      de: '**Hinterlegen Sie das Geheimnis und registrieren Sie die Umleitungs-URL.** Öffnen Sie den Connector, Edit, Security: Fügen Sie den geheimen Clientschlüssel der App-Registrierung des Connectors ein (kein Paket enthält ihn) und speichern Sie. Die Seite zeigt danach die Umleitungs-URL dieser Umgebung, `https://global.consent.azure-apim.net/redirect/…`; tragen Sie sie in der App-Registrierung in Microsoft Entra ID ein (Authentication, Web). Sie ist in jeder Umgebung eine andere. Ein späterer Import des Connectors kann das Geheimnis entfernen: Hinterlegen Sie es dann erneut.',
    },
  "**Create the connections.** On the connector's page, Test, New connection, and sign in. Connections to Microsoft Teams and Office 365 Outlook are made under Connections where you have none.":
    {
      nb: '**Opprett tilkoblingene.** På siden for koblingen: Test, New connection, og logg på. Tilkoblinger til Microsoft Teams og Office 365 Outlook opprettes under Connections der du ikke har noen.',
      de: '**Erstellen Sie die Verbindungen.** Auf der Seite des Connectors: Test, New connection, und melden Sie sich an. Verbindungen zu Microsoft Teams und Office 365 Outlook erstellen Sie unter Connections, wenn Sie keine haben.',
    },
  '**Import the flows** (`{0}`), and choose the connections that it asks for: {1}. In a pipeline: fill the connection ids into `{2}` and run `pac solution import --path {0} --settings-file {2}`.':
    {
      nb: '**Importer flytene** (`{0}`), og velg tilkoblingene som importen spør etter: {1}. I et samlebånd: fyll inn tilkoblings-ID-ene i `{2}` og kjør `pac solution import --path {0} --settings-file {2}`.',
      de: '**Importieren Sie die Flows** (`{0}`) und wählen Sie die Verbindungen, nach denen der Import fragt: {1}. In einer Pipeline: Tragen Sie die IDs der Verbindungen in `{2}` ein und führen Sie `pac solution import --path {0} --settings-file {2}` aus.',
    },
  '**Set the environment variables** (Solutions, Default Solution, Environment variables), then open the connector once more and choose *Update connector*: a changed host counts from then on.':
    {
      nb: '**Angi miljøvariablene** (Solutions, Default Solution, Environment variables), åpne deretter koblingen én gang til og velg *Update connector*: en endret vert gjelder fra da av.',
      de: '**Legen Sie die Umgebungsvariablen fest** (Solutions, Default Solution, Environment variables), öffnen Sie danach den Connector noch einmal und wählen Sie *Update connector*: Ein geänderter Host gilt von da an.',
    },
  'environment variable': {
    nb: 'miljøvariabel',
    de: 'Umgebungsvariable',
  },
  'what it is': {
    nb: 'hva den er',
    de: 'Bedeutung',
  },
  'value in the package': {
    nb: 'verdi i pakken',
    de: 'Wert im Paket',
  },
  "**Turn the flows on**, each on its page. Turning one on registers its trigger: the run history of the connector's operations shows it, and the flow's own history shows the first event.":
    {
      nb: '**Slå på flytene**, hver på sin side. Når en flyt slås på, registreres utløseren: kjøreloggen for koblingens operasjoner viser det, og flytens egen logg viser den første hendelsen.',
      de: '**Schalten Sie die Flows ein**, jeden auf seiner Seite. Das Einschalten registriert den Trigger: Der Verlauf der Vorgänge des Connectors zeigt es, und der Verlauf des Flows zeigt das erste Ereignis.',
    },
  "What can go wrong: `ConnectionNotFound` means that the importing person has no right to the connection, or that it was made for another connector. `Attribute 'value' was not found for environment variable` means that a variable has neither a value nor a default. An import in one go that asks for a connection to a connector which is not there yet: import the connector first.":
    {
      nb: "Hva som kan gå galt: `ConnectionNotFound` betyr at personen som importerer, ikke har rett til tilkoblingen, eller at den ble opprettet for en annen kobling. `Attribute 'value' was not found for environment variable` betyr at en variabel verken har en verdi eller en standardverdi. En samlet import som spør etter en tilkobling til en kobling som ikke finnes ennå: importer koblingen først.",
      de: "Was schiefgehen kann: `ConnectionNotFound` bedeutet, dass die importierende Person kein Recht an der Verbindung hat oder dass sie für einen anderen Connector erstellt wurde. `Attribute 'value' was not found for environment variable` bedeutet, dass eine Variable weder einen Wert noch einen Standardwert hat. Fragt ein gemeinsamer Import nach einer Verbindung zu einem Connector, den es noch nicht gibt: Importieren Sie zuerst den Connector.",
    },
  'Import the flows without a solution': {
    nb: 'Importer flytene uten en løsning',
    de: 'Flows ohne Lösung importieren',
  },
  'Each zip contains one flow. It carries no connector and no environment variables: the connector must exist in the environment, and the values of settings are written into the flow.':
    {
      nb: 'Hver zip-fil inneholder én flyt. Den har verken kobling eller miljøvariabler: koblingen må finnes i miljøet, og verdiene av innstillingene er skrevet inn i flyten.',
      de: 'Jede Zip-Datei enthält einen Flow, aber weder Connector noch Umgebungsvariablen: Der Connector muss in der Umgebung vorhanden sein, und die Werte der Einstellungen stehen im Flow.',
    },
  'Import the connector (docs/connector.md) and note its internal id, `shared_…`, from the address of its page; the packages here were made for `{0}`.':
    {
      nb: 'Importer koblingen (docs/connector.md) og noter den interne ID-en, `shared_…`, fra adressen til siden; pakkene her ble laget for `{0}`.',
      de: 'Importieren Sie den Connector (docs/connector.md) und notieren Sie seine interne ID, `shared_…`, aus der Adresse seiner Seite; diese Pakete wurden für `{0}` erstellt.',
    },
  'Create a connection to it, and to Microsoft Teams or Office 365 Outlook where the flow uses them.': {
    nb: 'Opprett en tilkobling til den, og til Microsoft Teams eller Office 365 Outlook der flyten bruker dem.',
    de: 'Erstellen Sie eine Verbindung zu ihm sowie zu Microsoft Teams oder Office 365 Outlook, wenn der Flow sie verwendet.',
  },
  'make.powerautomate.com, My flows, Import, Import Package (Legacy), choose the zip.': {
    nb: 'make.powerautomate.com, My flows, Import, Import Package (Legacy), velg zip-filen.',
    de: 'make.powerautomate.com, My flows, Import, Import Package (Legacy), wählen Sie die Zip-Datei.',
  },
  'For the flow choose *Create as new*; for each connection choose *Select during import* and the connection of step 2. The button stays grey until every line is chosen.':
    {
      nb: 'Velg *Create as new* for flyten; velg *Select during import* og tilkoblingen fra trinn 2 for hver tilkobling. Knappen er grå til alle linjer er valgt.',
      de: 'Wählen Sie für den Flow *Create as new*; wählen Sie für jede Verbindung *Select during import* und die Verbindung aus Schritt 2. Die Schaltfläche bleibt grau, bis jede Zeile gewählt ist.',
    },
  'Open the flow and look at its values: instance, team, channel, recipients, thresholds.': {
    nb: 'Åpne flyten og se på verdiene: instans, team, kanal, mottakere, terskler.',
    de: 'Öffnen Sie den Flow und prüfen Sie seine Werte: Instanz, Team, Kanal, Empfänger, Schwellenwerte.',
  },
  'Turn the flow on.': {
    nb: 'Slå på flyten.',
    de: 'Schalten Sie den Flow ein.',
  },
  'The packages are written in style {0}. If the import says `WorkflowRunActionInputsMissingProperty` or `WorkflowRunActionInputsInvalidProperty`, make them again with `--style {1}`: two spellings of a connection are in use, and importers differ.':
    {
      nb: 'Pakkene er skrevet i stil {0}. Hvis importen melder `WorkflowRunActionInputsMissingProperty` eller `WorkflowRunActionInputsInvalidProperty`, lager du dem på nytt med `--style {1}`: to skrivemåter for en tilkobling er i bruk, og importene er forskjellige.',
      de: 'Die Pakete haben den Stil {0}. Meldet der Import `WorkflowRunActionInputsMissingProperty` oder `WorkflowRunActionInputsInvalidProperty`, erstellen Sie sie erneut mit `--style {1}`: Zwei Schreibweisen einer Verbindung sind in Gebrauch, und Importe unterscheiden sich.',
    },
  'Deploy the flows as Logic Apps (Consumption)': {
    nb: 'Distribuer flytene som Logic Apps (Consumption)',
    de: 'Flows als Logic Apps (Verbrauch) bereitstellen',
  },
  '`azuredeploy.json` contains the custom API, its connections and one workflow per flow:': {
    nb: '`azuredeploy.json` inneholder det egendefinerte API-et, tilkoblingene og én arbeidsflyt per flyt:',
    de: '`azuredeploy.json` enthält die benutzerdefinierte API, ihre Verbindungen und einen Workflow je Flow:',
  },
  'Open each API connection in the portal and authorise it once: connections that sign a user in are deployed unauthorised.':
    {
      nb: 'Åpne hver API-tilkobling i portalen og autoriser den én gang: tilkoblinger som logger på en bruker, distribueres uten autorisasjon.',
      de: 'Öffnen Sie jede API-Verbindung im Portal und autorisieren Sie sie einmal: Verbindungen, die eine Person anmelden, werden ohne Autorisierung bereitgestellt.',
    },
  'Add the redirect URL that the custom API shows to the application registration.': {
    nb: 'Legg til omdirigerings-URL-en som det egendefinerte API-et viser, i appregistreringen.',
    de: 'Tragen Sie die Umleitungs-URL, die die benutzerdefinierte API zeigt, in der App-Registrierung ein.',
  },
  'Deploy again with `state=Enabled`; each workflow then registers its trigger.': {
    nb: 'Distribuer på nytt med `state=Enabled`; hver arbeidsflyt registrerer da utløseren.',
    de: 'Stellen Sie erneut mit `state=Enabled` bereit; jeder Workflow registriert dann seinen Trigger.',
  },
  'Customer Insights connector host': {
    nb: 'Vert for Customer Insights-koblingen',
    de: 'Host des Customer Insights-Connectors',
  },
  'Host name of the deployed API, without https:// and without a slash at the end.': {
    nb: 'Vertsnavnet til det distribuerte API-et, uten https:// og uten skråstrek på slutten.',
    de: 'Hostname der bereitgestellten API, ohne https:// und ohne Schrägstrich am Ende.',
  },
  '{0}: connector': {
    nb: '{0}: kobling',
    de: '{0}: Connector',
  },
  '{0}: flows': {
    nb: '{0}: flyter',
    de: '{0}: Flows',
  },
  '{0}: connector and flows': {
    nb: '{0}: kobling og flyter',
    de: '{0}: Connector und Flows',
  },
};
