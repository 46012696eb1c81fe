/**
 * The texts of the ready flows in the other languages; see connector/texts/language.ts. A message's tokens are `{0}`,
 * `{1}` …, in the order in which the English text has them.
 */
import type { Catalogue } from '../../connector/texts/language.ts';

export const flowTexts: Catalogue = {
  'Post to Teams when a data source refresh fails': {
    nb: 'Legg ut i Teams når oppdateringen av en datakilde mislykkes',
    de: 'In Teams posten, wenn die Aktualisierung einer Datenquelle fehlschlägt',
  },
  'Posts a message to a channel of Microsoft Teams when a refresh of any data source has failed and will not be retried.':
    {
      nb: 'Legger ut en melding i en kanal i Microsoft Teams når oppdateringen av en datakilde har mislyktes og ikke prøves på nytt.',
      de: 'Postet eine Nachricht in einem Kanal von Microsoft Teams, wenn die Aktualisierung einer Datenquelle fehlgeschlagen ist und nicht wiederholt wird.',
    },
  'Customer Insights instance': {
    nb: 'Customer Insights-instans',
    de: 'Customer Insights-Instanz',
  },
  'Id of the Customer Insights instance (environment) that the flows watch; a GUID.': {
    nb: 'ID-en til Customer Insights-instansen (miljøet) som flytene overvåker; en GUID.',
    de: 'ID der Customer Insights-Instanz (Umgebung), die die Flows überwachen; eine GUID.',
  },
  'Team for alerts': {
    nb: 'Team for varsler',
    de: 'Team für Warnungen',
  },
  'Id of the team in Microsoft Teams; groupId in the link to the team.': {
    nb: 'ID-en til teamet i Microsoft Teams; groupId i koblingen til teamet.',
    de: 'ID des Teams in Microsoft Teams; groupId im Link zum Team.',
  },
  'Channel for alerts': {
    nb: 'Kanal for varsler',
    de: 'Kanal für Warnungen',
  },
  'Id of the channel in that team; it begins with 19: in the link to the channel.': {
    nb: 'ID-en til kanalen i dette teamet; den begynner med 19: i koblingen til kanalen.',
    de: 'ID des Kanals in diesem Team; sie beginnt im Link zum Kanal mit 19:.',
  },
  '<p><strong>{0}</strong> could not be refreshed in {1}.</p><p>{2}</p><p>Error code: {3}<br>Ended: {4} UTC<br>Owner: {5}<br>Job: {6}</p>{7}':
    {
      nb: '<p><strong>{0}</strong> kunne ikke oppdateres i {1}.</p><p>{2}</p><p>Feilkode: {3}<br>Avsluttet: {4} UTC<br>Eier: {5}<br>Jobb: {6}</p>{7}',
      de: '<p><strong>{0}</strong> konnte in {1} nicht aktualisiert werden.</p><p>{2}</p><p>Fehlercode: {3}<br>Beendet: {4} UTC<br>Besitzer: {5}<br>Auftrag: {6}</p>{7}',
    },
  'Customer Insights gives no reason.': {
    nb: 'Customer Insights oppgir ingen årsak.',
    de: 'Customer Insights nennt keinen Grund.',
  },
  none: {
    nb: 'ingen',
    de: 'keiner',
  },
  unknown: {
    nb: 'ukjent',
    de: 'unbekannt',
  },
  'Open in Customer Insights': {
    nb: 'Åpne i Customer Insights',
    de: 'In Customer Insights öffnen',
  },
  'Mail the data owners when a segment crosses its threshold': {
    nb: 'Send e-post til dataeierne når et segment krysser terskelen',
    de: 'Den Datenverantwortlichen mailen, wenn ein Segment seinen Schwellenwert überschreitet',
  },
  'Sends an e-mail to the data owners when the number of members of a segment rises above a threshold.': {
    nb: 'Sender en e-post til dataeierne når antall medlemmer i et segment stiger over en terskel.',
    de: 'Sendet eine E-Mail an die Datenverantwortlichen, wenn die Mitgliederzahl eines Segments über einen Schwellenwert steigt.',
  },
  'Segment to watch': {
    nb: 'Segment som overvåkes',
    de: 'Zu überwachendes Segment',
  },
  'Unique name of the segment whose size is watched; not the name that is displayed.': {
    nb: 'Det unike navnet på segmentet der størrelsen overvåkes; ikke visningsnavnet.',
    de: 'Eindeutiger Name des Segments, dessen Größe überwacht wird; nicht der Anzeigename.',
  },
  'Threshold of the segment': {
    nb: 'Terskel for segmentet',
    de: 'Schwellenwert des Segments',
  },
  'A mail is sent when the segment grows above this number of members.': {
    nb: 'Det sendes en e-post når segmentet får flere medlemmer enn dette.',
    de: 'Eine E-Mail wird gesendet, wenn das Segment mehr Mitglieder als diese Zahl hat.',
  },
  'Recipients of mails': {
    nb: 'Mottakere av e-post',
    de: 'Empfänger der E-Mails',
  },
  'Addresses of those who answer for the data, separated by semicolons.': {
    nb: 'Adressene til dem som har ansvar for dataene, atskilt med semikolon.',
    de: 'Adressen der Personen, die für die Daten verantwortlich sind, durch Semikolons getrennt.',
  },
  '{0} now has {1} members': {
    nb: '{0} har nå {1} medlemmer',
    de: '{0} hat jetzt {1} Mitglieder',
  },
  '<p>The segment <strong>{0}</strong> in {1} has grown from {2} to {3} members.</p><p>The threshold is {4}; it was crossed at {5} UTC.</p>{6}':
    {
      nb: '<p>Segmentet <strong>{0}</strong> i {1} har vokst fra {2} til {3} medlemmer.</p><p>Terskelen er {4}; den ble krysset {5} UTC.</p>{6}',
      de: '<p>Das Segment <strong>{0}</strong> in {1} ist von {2} auf {3} Mitglieder gewachsen.</p><p>Der Schwellenwert ist {4}; er wurde am {5} UTC überschritten.</p>{6}',
    },
  'Mail a status report when a data source refresh succeeds': {
    nb: 'Send en statusrapport på e-post når oppdateringen av en datakilde lykkes',
    de: 'Einen Statusbericht mailen, wenn eine Datenquelle erfolgreich aktualisiert wird',
  },
  'Sends the status report of the data sources by e-mail when a refresh of any of them has succeeded.': {
    nb: 'Sender statusrapporten for datakildene på e-post når oppdateringen av en av dem er fullført.',
    de: 'Sendet den Statusbericht der Datenquellen per E-Mail, wenn eine von ihnen erfolgreich aktualisiert wurde.',
  },
  '{0} was refreshed: {1}': {
    nb: '{0} er oppdatert: {1}',
    de: '{0} wurde aktualisiert: {1}',
  },
  'Mail the failed stages of a full refresh': {
    nb: 'Send de mislykkede trinnene i en fullstendig oppdatering på e-post',
    de: 'Die fehlgeschlagenen Phasen einer vollständigen Aktualisierung mailen',
  },
  'Sends the stages that did not succeed as a table by e-mail when a full refresh has ended badly.': {
    nb: 'Sender trinnene som ikke lyktes, som en tabell på e-post når en fullstendig oppdatering har endt med feil.',
    de: 'Sendet die nicht erfolgreichen Phasen als Tabelle per E-Mail, wenn eine vollständige Aktualisierung mit Fehlern geendet hat.',
  },
  Stage: {
    nb: 'Trinn',
    de: 'Phase',
  },
  Status: {
    nb: 'Status',
    de: 'Status',
  },
  'Ended (UTC)': {
    nb: 'Avsluttet (UTC)',
    de: 'Beendet (UTC)',
  },
  'What went wrong': {
    nb: 'Hva som gikk galt',
    de: 'Was schiefgegangen ist',
  },
  'Full refresh of {0}: {1} of {2} stages failed': {
    nb: 'Fullstendig oppdatering av {0}: {1} av {2} trinn mislyktes',
    de: 'Vollständige Aktualisierung von {0}: {1} von {2} Phasen fehlgeschlagen',
  },
  '<p>The full refresh of {0} ended at {1} UTC. Of its stages {2} failed, {3} were skipped and {4} were canceled.</p>{5}':
    {
      nb: '<p>Den fullstendige oppdateringen av {0} ble avsluttet {1} UTC. Av trinnene mislyktes {2}, {3} ble hoppet over, og {4} ble avbrutt.</p>{5}',
      de: '<p>Die vollständige Aktualisierung von {0} endete am {1} UTC. Von ihren Phasen sind {2} fehlgeschlagen, {3} wurden übersprungen und {4} abgebrochen.</p>{5}',
    },
  'Refresh a segment after unification': {
    nb: 'Oppdater et segment etter samordning',
    de: 'Ein Segment nach der Vereinheitlichung aktualisieren',
  },
  'Refreshes one segment when a unification refresh has succeeded, waits for the end and posts how it ended to Teams.':
    {
      nb: 'Oppdaterer ett segment når en oppdatering av samordningen har lyktes, venter til den er ferdig og legger ut resultatet i Teams.',
      de: 'Aktualisiert ein Segment, wenn eine Vereinheitlichung erfolgreich war, wartet auf das Ende und postet das Ergebnis in Teams.',
    },
  'Segment to refresh': {
    nb: 'Segment som oppdateres',
    de: 'Zu aktualisierendes Segment',
  },
  'Unique name of the segment that is refreshed after each unification.': {
    nb: 'Det unike navnet på segmentet som oppdateres etter hver samordning.',
    de: 'Eindeutiger Name des Segments, das nach jeder Vereinheitlichung aktualisiert wird.',
  },
  '<p>After the unification of {0} the segment <strong>{1}</strong> was refreshed: {2}.</p>': {
    nb: '<p>Etter samordningen av {0} ble segmentet <strong>{1}</strong> oppdatert: {2}.</p>',
    de: '<p>Nach der Vereinheitlichung von {0} wurde das Segment <strong>{1}</strong> aktualisiert: {2}.</p>',
  },
  'Post to Teams when a measure falls below its threshold': {
    nb: 'Legg ut i Teams når et mål faller under terskelen',
    de: 'In Teams posten, wenn eine Kennzahl unter ihren Schwellenwert fällt',
  },
  'Posts a message to Teams when a business measure falls below a threshold; again only after it has returned to the reset level.':
    {
      nb: 'Legger ut en melding i Teams når et forretningsmål faller under en terskel; på nytt først når målet har vært tilbake på tilbakestillingsnivået.',
      de: 'Postet eine Nachricht in Teams, wenn eine Geschäftskennzahl unter einen Schwellenwert fällt; erneut erst, wenn sie auf den Rücksetzwert zurückgekehrt ist.',
    },
  'Measure to watch': {
    nb: 'Mål som overvåkes',
    de: 'Zu überwachende Kennzahl',
  },
  'Unique name of the business measure that is watched; one without a dimension.': {
    nb: 'Det unike navnet på forretningsmålet som overvåkes; et mål uten dimensjon.',
    de: 'Eindeutiger Name der Geschäftskennzahl, die überwacht wird; eine ohne Dimension.',
  },
  'Threshold of the measure': {
    nb: 'Terskel for målet',
    de: 'Schwellenwert der Kennzahl',
  },
  'A message is posted when the measure falls below this number.': {
    nb: 'Det legges ut en melding når målet faller under dette tallet.',
    de: 'Eine Nachricht wird gepostet, wenn die Kennzahl unter diese Zahl fällt.',
  },
  'Reset level of the measure': {
    nb: 'Tilbakestillingsnivå for målet',
    de: 'Rücksetzwert der Kennzahl',
  },
  'After a message the flow runs again only when the measure has returned to this level; not below the threshold.':
    {
      nb: 'Etter en melding kjører flyten igjen først når målet har vært tilbake på dette nivået; ikke under terskelen.',
      de: 'Nach einer Nachricht wird der Flow erst wieder ausgeführt, wenn die Kennzahl auf diesen Wert zurückgekehrt ist; nicht unter dem Schwellenwert.',
    },
  '<p><strong>{0}</strong> in {1} fell from {2} to {3}, below {4}.</p>{5}': {
    nb: '<p><strong>{0}</strong> i {1} falt fra {2} til {3}, under {4}.</p>{5}',
    de: '<p><strong>{0}</strong> in {1} ist von {2} auf {3} gefallen, unter {4}.</p>{5}',
  },
  'Mail when one of my triggers is paused': {
    nb: 'Send e-post når en av utløserne mine er satt på pause',
    de: 'Mailen, wenn einer meiner Trigger pausiert ist',
  },
  'Sends an e-mail when a trigger of another flow is paused, ended or failing, with what to do, and when it works again.':
    {
      nb: 'Sender en e-post når utløseren i en annen flyt er satt på pause, avsluttet eller mislykkes, med hva du kan gjøre, og når den virker igjen.',
      de: 'Sendet eine E-Mail, wenn der Trigger eines anderen Flows pausiert, beendet oder fehlerhaft ist, mit dem, was zu tun ist, und wenn er wieder funktioniert.',
    },
  'is paused': {
    nb: 'er satt på pause',
    de: 'ist pausiert',
  },
  'has ended': {
    nb: 'er avsluttet',
    de: 'ist beendet',
  },
  'is failing': {
    nb: 'mislykkes',
    de: 'ist fehlerhaft',
  },
  'works again': {
    nb: 'virker igjen',
    de: 'funktioniert wieder',
  },
  'Customer Insights trigger {0}: {1}': {
    nb: 'Customer Insights-utløseren {0}: {1}',
    de: 'Customer Insights-Trigger {0}: {1}',
  },
  '<p>The trigger <strong>{0}</strong> of the flow {1} {2}, since {3} UTC.</p><p>{4}</p><p>{5}</p>': {
    nb: '<p>Utløseren <strong>{0}</strong> i flyten {1} {2}, siden {3} UTC.</p><p>{4}</p><p>{5}</p>',
    de: '<p>Der Trigger <strong>{0}</strong> des Flows {1} {2}, seit {3} UTC.</p><p>{4}</p><p>{5}</p>',
  },
  // Statuses, as the source writes them.
  notStarted: { nb: 'ikke startet', de: 'nicht gestartet' },
  queued: { nb: 'i kø', de: 'in der Warteschlange' },
  running: { nb: 'kjører', de: 'läuft' },
  successful: { nb: 'vellykket', de: 'erfolgreich' },
  failed: { nb: 'mislykket', de: 'fehlgeschlagen' },
  timedOut: { nb: 'tidsavbrutt', de: 'Zeitlimit überschritten' },
  canceled: { nb: 'avbrutt', de: 'abgebrochen' },
  skipped: { nb: 'hoppet over', de: 'übersprungen' },
  outdated: { nb: 'må oppdateres', de: 'muss aktualisiert werden' },
};
