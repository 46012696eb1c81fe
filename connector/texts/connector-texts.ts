/**
 * The texts of the connector in the other languages, by the English text that the contract and the emitter contain. A
 * text that is missing here fails the build of its language; a text that is no longer used fails a test.
 */
import type { Catalogue } from './language.ts';

export const connectorTexts: Catalogue = {
  'Starts flows when something happens in Dynamics 365 Customer Insights, such as a failed refresh or a segment that grows above a threshold, and reads its entities.':
    {
      nb: 'Starter flyter når noe skjer i Dynamics 365 Customer Insights, for eksempel når en oppdatering mislykkes eller et segment vokser over en terskel, og leser enhetene der.',
      de: 'Startet Flows, wenn in Dynamics 365 Customer Insights etwas geschieht, etwa wenn eine Aktualisierung fehlschlägt oder ein Segment einen Schwellenwert überschreitet, und liest die Entitäten.',
    },
  'Triggers a flow when a refresh of a data source has failed and Customer Insights will not retry it.': {
    nb: 'Starter en flyt når oppdateringen av en datakilde har mislyktes og Customer Insights ikke lenger prøver på nytt.',
    de: 'Startet einen Flow, wenn die Aktualisierung einer Datenquelle fehlgeschlagen ist und Customer Insights sie nicht mehr wiederholt.',
  },
  'When a data source refresh fails': {
    nb: 'Når oppdateringen av en datakilde mislykkes',
    de: 'Wenn die Aktualisierung einer Datenquelle fehlschlägt',
  },
  'To test it, let a refresh of the data source fail, or send a sample event.': {
    nb: 'Test utløseren ved å la en oppdatering av datakilden mislykkes, eller send en eksempelhendelse.',
    de: 'Lassen Sie zum Testen eine Aktualisierung der Datenquelle fehlschlagen, oder senden Sie ein Beispielereignis.',
  },
  Instance: {
    nb: 'Instans',
    de: 'Instanz',
  },
  'The Customer Insights instance (environment).': {
    nb: 'Customer Insights-instansen (miljøet).',
    de: 'Die Customer Insights-Instanz (Umgebung).',
  },
  'Callback URL': {
    nb: 'URL for tilbakekall',
    de: 'Rückruf-URL',
  },
  'Where events are sent. Filled in by Power Automate.': {
    nb: 'Hit sendes hendelsene. Fylles ut av Power Automate.',
    de: 'Dorthin werden die Ereignisse gesendet. Wird von Power Automate ausgefüllt.',
  },
  'Data Source': {
    nb: 'Datakilde',
    de: 'Datenquelle',
  },
  'The data source to watch: its id or its unique name. Leave empty for any.': {
    nb: 'Datakilden som skal overvåkes: ID-en eller det unike navnet. La stå tomt for alle.',
    de: 'Die Datenquelle, die überwacht wird: ihre ID oder ihr eindeutiger Name. Leer lassen für alle.',
  },
  Registered: {
    nb: 'Registrert',
    de: 'Registriert',
  },
  'Absolute URL that removes this subscription.': {
    nb: 'Absolutt URL som fjerner dette abonnementet.',
    de: 'Absolute URL, mit der dieses Abonnement entfernt wird.',
  },
  'The request is not valid; the message says what to correct.': {
    nb: 'Forespørselen er ikke gyldig. Meldingen sier hva som må rettes.',
    de: 'Die Anforderung ist ungültig. Die Meldung sagt, was zu korrigieren ist.',
  },
  'The sign-in is missing, expired or not meant for this service. Sign in again.': {
    nb: 'Påloggingen mangler, er utløpt eller gjelder ikke denne tjenesten. Logg på på nytt.',
    de: 'Die Anmeldung fehlt, ist abgelaufen oder gilt nicht für diesen Dienst. Melden Sie sich erneut an.',
  },
  'Signed in, but not permitted to do this.': {
    nb: 'Du er logget på, men har ikke tilgang til dette.',
    de: 'Sie sind angemeldet, dürfen dies aber nicht tun.',
  },
  'The instance, or what was asked for in it, does not exist.': {
    nb: 'Instansen, eller det du ba om i den, finnes ikke.',
    de: 'Die Instanz oder das darin Gesuchte ist nicht vorhanden.',
  },
  'The body is larger than 64 KB.': {
    nb: 'Innholdet er større enn 64 KB.',
    de: 'Der Inhalt ist größer als 64 KB.',
  },
  'The body is not declared as application/json.': {
    nb: 'Innholdet er ikke angitt som application/json.',
    de: 'Der Inhalt ist nicht als application/json gekennzeichnet.',
  },
  'Too many calls through this connection. Wait as long as Retry-After says.': {
    nb: 'For mange kall gjennom denne tilkoblingen. Vent så lenge Retry-After angir.',
    de: 'Zu viele Aufrufe über diese Verbindung. Warten Sie so lange, wie Retry-After angibt.',
  },
  'Seconds to wait before trying again.': {
    nb: 'Antall sekunder å vente før du prøver igjen.',
    de: 'Sekunden bis zum nächsten Versuch.',
  },
  'Customer Insights could not be asked, or gave an answer that cannot be used.': {
    nb: 'Customer Insights kunne ikke spørres, eller ga et svar som ikke kan brukes.',
    de: 'Customer Insights konnte nicht abgefragt werden oder hat eine unbrauchbare Antwort gegeben.',
  },
  'Temporarily not available. Try again later.': {
    nb: 'Midlertidig utilgjengelig. Prøv igjen senere.',
    de: 'Vorübergehend nicht verfügbar. Versuchen Sie es später erneut.',
  },
  'Customer Insights did not answer in time. Ask for less at once, or try again later.': {
    nb: 'Customer Insights svarte ikke i tide. Be om mindre om gangen, eller prøv igjen senere.',
    de: 'Customer Insights hat nicht rechtzeitig geantwortet. Fordern Sie weniger auf einmal an, oder versuchen Sie es später erneut.',
  },
  'The operation failed; the message says why and what to do.': {
    nb: 'Operasjonen mislyktes. Meldingen sier hvorfor og hva du kan gjøre.',
    de: 'Der Vorgang ist fehlgeschlagen. Die Meldung nennt den Grund und was zu tun ist.',
  },
  'Triggers a flow when a refresh of a data source has succeeded. It runs once, even if Customer Insights had to retry the refresh.':
    {
      nb: 'Starter en flyt når oppdateringen av en datakilde er fullført. Flyten kjører én gang, også når Customer Insights måtte prøve oppdateringen på nytt.',
      de: 'Startet einen Flow, wenn eine Datenquelle erfolgreich aktualisiert wurde. Der Flow wird einmal ausgeführt, auch wenn Customer Insights die Aktualisierung wiederholen musste.',
    },
  'When a data source refresh succeeds': {
    nb: 'Når oppdateringen av en datakilde lykkes',
    de: 'Wenn eine Datenquelle erfolgreich aktualisiert wird',
  },
  'To test it, refresh the data source, or send a sample event.': {
    nb: 'Test utløseren ved å oppdatere datakilden, eller send en eksempelhendelse.',
    de: 'Aktualisieren Sie zum Testen die Datenquelle, oder senden Sie ein Beispielereignis.',
  },
  'Triggers a flow when the number of members of a segment rises above a threshold or, if Direction is Falls below, falls below it.':
    {
      nb: 'Starter en flyt når antall medlemmer i et segment stiger over en terskel eller, hvis Retning er Faller under, faller under den.',
      de: 'Startet einen Flow, wenn die Mitgliederzahl eines Segments über einen Schwellenwert steigt oder, falls die Richtung „Fällt unter“ ist, unter ihn fällt.',
    },
  'When a segment threshold is crossed': {
    nb: 'Når et segment krysser en terskel',
    de: 'Wenn ein Segment einen Schwellenwert überschreitet',
  },
  'To test it, refresh a segment so that it crosses the threshold, or send a sample event.': {
    nb: 'Test utløseren ved å oppdatere et segment slik at det krysser terskelen, eller send en eksempelhendelse.',
    de: 'Aktualisieren Sie zum Testen ein Segment so, dass es den Schwellenwert überschreitet, oder senden Sie ein Beispielereignis.',
  },
  Segment: {
    nb: 'Segment',
    de: 'Segment',
  },
  'The segment to watch.': {
    nb: 'Segmentet som skal overvåkes.',
    de: 'Das Segment, das überwacht wird.',
  },
  Threshold: {
    nb: 'Terskel',
    de: 'Schwellenwert',
  },
  'The number that the member count must cross for the flow to run; Direction says which way. At most 38 significant digits.':
    {
      nb: 'Tallet som antall medlemmer må krysse for at flyten skal kjøre; Retning angir hvilken vei. Høyst 38 signifikante sifre.',
      de: 'Die Zahl, die die Mitgliederzahl überschreiten muss, damit der Flow ausgeführt wird; die Richtung gibt an, ob nach oben oder unten. Höchstens 38 signifikante Stellen.',
    },
  Direction: {
    nb: 'Retning',
    de: 'Richtung',
  },
  'above: the flow runs when the value rises above the threshold. below: when it falls below it. A value equal to the threshold is neither.':
    {
      nb: 'above: flyten kjører når verdien stiger over terskelen. below: når den faller under. En verdi lik terskelen er ingen av delene.',
      de: 'above: Der Flow wird ausgeführt, wenn der Wert über den Schwellenwert steigt. below: wenn er darunter fällt. Ein Wert, der dem Schwellenwert gleicht, ist keines von beiden.',
    },
  'Rises above': {
    nb: 'Stiger over',
    de: 'Steigt über',
  },
  'Falls below': {
    nb: 'Faller under',
    de: 'Fällt unter',
  },
  'Reset Level': {
    nb: 'Tilbakestillingsnivå',
    de: 'Rücksetzwert',
  },
  'After a run, the flow runs again only after the value has returned to this level. If empty, the level is the threshold. At most 38 significant digits.':
    {
      nb: 'Etter en kjøring kjører flyten igjen først når verdien har vært tilbake på dette nivået. Hvis feltet er tomt, gjelder terskelen. Høyst 38 signifikante sifre.',
      de: 'Nach einer Ausführung wird der Flow erst wieder ausgeführt, wenn der Wert auf diesen Wert zurückgekehrt ist. Wenn leer, gilt der Schwellenwert. Höchstens 38 signifikante Stellen.',
    },
  'Triggers a flow when a business measure without a dimension rises above a threshold or, if Direction is Falls below, falls below it.':
    {
      nb: 'Starter en flyt når et forretningsmål uten dimensjon stiger over en terskel eller, hvis Retning er Faller under, faller under den.',
      de: 'Startet einen Flow, wenn eine Geschäftskennzahl ohne Dimension über einen Schwellenwert steigt oder, falls die Richtung „Fällt unter“ ist, unter ihn fällt.',
    },
  'When a business measure threshold is crossed': {
    nb: 'Når et forretningsmål krysser en terskel',
    de: 'Wenn eine Geschäftskennzahl einen Schwellenwert überschreitet',
  },
  'To test it, refresh a measure so that it crosses the threshold, or send a sample event.': {
    nb: 'Test utløseren ved å oppdatere et mål slik at det krysser terskelen, eller send en eksempelhendelse.',
    de: 'Aktualisieren Sie zum Testen eine Kennzahl so, dass sie den Schwellenwert überschreitet, oder senden Sie ein Beispielereignis.',
  },
  Measure: {
    nb: 'Mål',
    de: 'Kennzahl',
  },
  'The business measure to watch; only those without a dimension have one value.': {
    nb: 'Forretningsmålet som skal overvåkes; bare mål uten dimensjon har én verdi.',
    de: 'Die Geschäftskennzahl, die überwacht wird; nur Kennzahlen ohne Dimension haben genau einen Wert.',
  },
  'The number that the measure must cross for the flow to run; Direction says which way. At most 38 significant digits.':
    {
      nb: 'Tallet som målet må krysse for at flyten skal kjøre; Retning angir hvilken vei. Høyst 38 signifikante sifre.',
      de: 'Die Zahl, die die Kennzahl überschreiten muss, damit der Flow ausgeführt wird; die Richtung gibt an, ob nach oben oder unten. Höchstens 38 signifikante Stellen.',
    },
  'Triggers a flow when a full refresh (data sources, unification, segments, measures and system processes) has ended, with or without success.':
    {
      nb: 'Starter en flyt når en fullstendig oppdatering (datakilder, samordning, segmenter, mål og systemprosesser) er avsluttet, med eller uten feil.',
      de: 'Startet einen Flow, wenn eine vollständige Aktualisierung (Datenquellen, Vereinheitlichung, Segmente, Kennzahlen und Systemprozesse) beendet ist, mit oder ohne Erfolg.',
    },
  'When a full refresh is completed': {
    nb: 'Når en fullstendig oppdatering er avsluttet',
    de: 'Wenn eine vollständige Aktualisierung abgeschlossen ist',
  },
  'To test it, run a full refresh, or send a sample event.': {
    nb: 'Test utløseren ved å kjøre en fullstendig oppdatering, eller send en eksempelhendelse.',
    de: 'Führen Sie zum Testen eine vollständige Aktualisierung aus, oder senden Sie ein Beispielereignis.',
  },
  Runs: {
    nb: 'Kjøringer',
    de: 'Ausführungen',
  },
  'all: scheduled refreshes and those that a person started. scheduled: only scheduled refreshes.': {
    nb: 'all: planlagte oppdateringer og de som en person har startet. scheduled: bare planlagte oppdateringer.',
    de: 'all: geplante Aktualisierungen und solche, die eine Person gestartet hat. scheduled: nur geplante Aktualisierungen.',
  },
  All: {
    nb: 'Alle',
    de: 'Alle',
  },
  'Scheduled only': {
    nb: 'Bare planlagte',
    de: 'Nur geplante',
  },
  Outcome: {
    nb: 'Resultat',
    de: 'Ergebnis',
  },
  'any: the flow runs after each refresh. succeeded: only if everything in it succeeded. failed: only if something in it did not.':
    {
      nb: 'any: flyten kjører etter hver oppdatering. succeeded: bare hvis alt lyktes. failed: bare hvis noe ikke lyktes.',
      de: 'any: Der Flow wird nach jeder Aktualisierung ausgeführt. succeeded: nur, wenn alles erfolgreich war. failed: nur, wenn etwas nicht erfolgreich war.',
    },
  Any: {
    nb: 'Uansett',
    de: 'Beliebig',
  },
  Succeeded: {
    nb: 'Vellykket',
    de: 'Erfolgreich',
  },
  Failed: {
    nb: 'Mislykket',
    de: 'Fehlgeschlagen',
  },
  'Triggers a flow when the last of the stages map, match and merge of a refresh has ended, with or without success.':
    {
      nb: 'Starter en flyt når det siste av trinnene tilordning, samsvar og fletting i en oppdatering er avsluttet, med eller uten feil.',
      de: 'Startet einen Flow, wenn die letzte der Phasen Zuordnung, Abgleich und Zusammenführung einer Aktualisierung beendet ist, mit oder ohne Erfolg.',
    },
  'When a unification refresh is completed': {
    nb: 'Når en oppdatering av samordningen er avsluttet',
    de: 'Wenn eine Vereinheitlichung abgeschlossen ist',
  },
  'To test it, run unification, or send a sample event.': {
    nb: 'Test utløseren ved å kjøre samordningen, eller send en eksempelhendelse.',
    de: 'Führen Sie zum Testen die Vereinheitlichung aus, oder senden Sie ein Beispielereignis.',
  },
  'Get entities': {
    nb: 'Hent enheter',
    de: 'Entitäten abrufen',
  },
  'Lists the entities (tables) of an instance with their properties.': {
    nb: 'Viser enhetene (tabellene) i en instans med egenskapene deres.',
    de: 'Listet die Entitäten (Tabellen) einer Instanz mit ihren Eigenschaften auf.',
  },
  'The entities': {
    nb: 'Enhetene',
    de: 'Die Entitäten',
  },
  'Get item': {
    nb: 'Hent element',
    de: 'Element abrufen',
  },
  'Gets an item of an entity by its key, for example a customer by CustomerId.': {
    nb: 'Henter et element fra en enhet etter nøkkelen, for eksempel en kunde etter CustomerId.',
    de: 'Ruft ein Element einer Entität über seinen Schlüssel ab, zum Beispiel einen Kunden über CustomerId.',
  },
  'Entity Name': {
    nb: 'Enhetsnavn',
    de: 'Entitätsname',
  },
  'The entity (table), for example Customer.': {
    nb: 'Enheten (tabellen), for eksempel Customer.',
    de: 'Die Entität (Tabelle), zum Beispiel Customer.',
  },
  'Item Id': {
    nb: 'Element-ID',
    de: 'Element-ID',
  },
  'Key of the item: the CustomerId in Customer, the ActivityId in UnifiedActivity.': {
    nb: 'Nøkkelen til elementet: CustomerId i Customer, ActivityId i UnifiedActivity.',
    de: 'Schlüssel des Elements: CustomerId in Customer, ActivityId in UnifiedActivity.',
  },
  'The item': {
    nb: 'Elementet',
    de: 'Das Element',
  },
  Item: {
    nb: 'Element',
    de: 'Element',
  },
  'The item with the columns of the entity.': {
    nb: 'Elementet med kolonnene i enheten.',
    de: 'Das Element mit den Spalten der Entität.',
  },
  'The entity has no such item, or the instance no such entity.': {
    nb: 'Enheten har ikke et slikt element, eller instansen har ikke en slik enhet.',
    de: 'Die Entität enthält kein solches Element, oder die Instanz keine solche Entität.',
  },
  'Update item': {
    nb: 'Oppdater element',
    de: 'Element aktualisieren',
  },
  'Updates a profile in Customer. Columns that are not given keep their values. The change is visible within seconds; segments and measures do not change.':
    {
      nb: 'Oppdaterer en profil i Customer. Kolonner som ikke er angitt, beholder verdiene sine. Endringen er synlig etter noen sekunder; segmenter og mål endres ikke.',
      de: 'Aktualisiert ein Profil in Customer. Nicht angegebene Spalten behalten ihre Werte. Die Änderung ist nach wenigen Sekunden sichtbar; Segmente und Kennzahlen ändern sich nicht.',
    },
  'The columns to change, with their new values.': {
    nb: 'Kolonnene som skal endres, med de nye verdiene.',
    de: 'Die zu ändernden Spalten mit ihren neuen Werten.',
  },
  'Valid Until': {
    nb: 'Gyldig til',
    de: 'Gültig bis',
  },
  'The change is kept until this time (UTC), unless the data source contains it by then: at most 30 days ahead. If empty, 4 hours for profiles and 30 days for activities.':
    {
      nb: 'Endringen beholdes til dette tidspunktet (UTC), med mindre datakilden inneholder den innen da: høyst 30 dager frem i tid. Hvis feltet er tomt, 4 timer for profiler og 30 dager for aktiviteter.',
      de: 'Die Änderung bleibt bis zu diesem Zeitpunkt (UTC) erhalten, sofern die Datenquelle sie bis dahin nicht enthält: höchstens 30 Tage im Voraus. Wenn leer, 4 Stunden bei Profilen und 30 Tage bei Aktivitäten.',
    },
  Caller: {
    nb: 'Kaller',
    de: 'Aufrufer',
  },
  'Text that identifies the caller to Customer Insights, for example the name of the flow.': {
    nb: 'Tekst som identifiserer den som kaller, for Customer Insights, for eksempel navnet på flyten.',
    de: 'Text, an dem Customer Insights den Aufrufer erkennt, zum Beispiel der Name des Flows.',
  },
  'Accepted; visible within seconds': {
    nb: 'Godtatt; synlig etter noen sekunder',
    de: 'Angenommen; nach wenigen Sekunden sichtbar',
  },
  'Get items from an entity': {
    nb: 'Hent elementer fra en enhet',
    de: 'Elemente einer Entität abrufen',
  },
  'Gets items of an entity, 100 per page. Fields that can be filtered: ActivityId, CustomerId, ActivityTime, ActivityType and ActivityTypeDisplay of UnifiedActivity; CustomerId and the indexed fields of Customer; CustomerId of other entities.':
    {
      nb: 'Henter elementer fra en enhet, 100 per side. Felt som kan filtreres: ActivityId, CustomerId, ActivityTime, ActivityType og ActivityTypeDisplay i UnifiedActivity; CustomerId og de indekserte feltene i Customer; CustomerId i andre enheter.',
      de: 'Ruft Elemente einer Entität ab, 100 je Seite. Filterbare Felder: ActivityId, CustomerId, ActivityTime, ActivityType und ActivityTypeDisplay von UnifiedActivity; CustomerId und die indizierten Felder von Customer; CustomerId anderer Entitäten.',
    },
  'Filter Query': {
    nb: 'Filterspørring',
    de: 'Filterabfrage',
  },
  "An OData filter, for example CustomerId eq '00112233445566778899aabbccddeeff'. At most 500 characters.": {
    nb: "Et OData-filter, for eksempel CustomerId eq '00112233445566778899aabbccddeeff'. Høyst 500 tegn.",
    de: "Ein OData-Filter, zum Beispiel CustomerId eq '00112233445566778899aabbccddeeff'. Höchstens 500 Zeichen.",
  },
  'Order By': {
    nb: 'Sorter etter',
    de: 'Sortieren nach',
  },
  'Columns to sort by, for example ActivityTime desc.': {
    nb: 'Kolonner å sortere etter, for eksempel ActivityTime desc.',
    de: 'Spalten, nach denen sortiert wird, zum Beispiel ActivityTime desc.',
  },
  'Select Query': {
    nb: 'Kolonneutvalg',
    de: 'Spaltenauswahl',
  },
  'Columns to return, separated by commas; all columns if empty. At most 500 characters.': {
    nb: 'Kolonner som skal returneres, atskilt med komma; alle kolonner hvis feltet er tomt. Høyst 500 tegn.',
    de: 'Zurückzugebende Spalten, durch Kommas getrennt; alle Spalten, wenn leer. Höchstens 500 Zeichen.',
  },
  Search: {
    nb: 'Søk',
    de: 'Suche',
  },
  'Words to search for in the searchable fields of Customer.': {
    nb: 'Ord å søke etter i de søkbare feltene i Customer.',
    de: 'Wörter, die in den durchsuchbaren Feldern von Customer gesucht werden.',
  },
  'Top Count': {
    nb: 'Maksimalt antall',
    de: 'Höchstzahl',
  },
  'Largest number of items. If empty: all of them with paging switched on in the settings of the action, otherwise the first 100.':
    {
      nb: 'Største antall elementer. Hvis feltet er tomt: alle når sideinndeling er slått på i innstillingene for handlingen, ellers de første 100.',
      de: 'Größte Anzahl von Elementen. Wenn leer: alle, falls in den Einstellungen der Aktion die Paginierung eingeschaltet ist, sonst die ersten 100.',
    },
  'Skip Count': {
    nb: 'Hopp over antall',
    de: 'Zu überspringende Anzahl',
  },
  'Number of items to skip, to read page by page.': {
    nb: 'Antall elementer å hoppe over, for å lese side for side.',
    de: 'Anzahl der zu überspringenden Elemente, um seitenweise zu lesen.',
  },
  'One page of items': {
    nb: 'Én side med elementer',
    de: 'Eine Seite mit Elementen',
  },
  'Create item': {
    nb: 'Opprett element',
    de: 'Element erstellen',
  },
  'Creates an activity in UnifiedActivity or in a source table that is set up as activities. Profiles can only be updated. The item is visible within seconds; segments and measures do not change.':
    {
      nb: 'Oppretter en aktivitet i UnifiedActivity eller i en kildetabell som er satt opp som aktiviteter. Profiler kan bare oppdateres. Elementet er synlig etter noen sekunder; segmenter og mål endres ikke.',
      de: 'Erstellt eine Aktivität in UnifiedActivity oder in einer Quelltabelle, die für Aktivitäten eingerichtet ist. Profile lassen sich nur aktualisieren. Das Element ist nach wenigen Sekunden sichtbar; Segmente und Kennzahlen ändern sich nicht.',
    },
  'The columns of the new item, including its key.': {
    nb: 'Kolonnene i det nye elementet, inkludert nøkkelen.',
    de: 'Die Spalten des neuen Elements einschließlich seines Schlüssels.',
  },
  'An item with this key already exists, created by another caller or with other columns.': {
    nb: 'Et element med denne nøkkelen finnes allerede, opprettet av en annen kaller eller med andre kolonner.',
    de: 'Ein Element mit diesem Schlüssel ist bereits vorhanden; ein anderer Aufrufer hat es erstellt, oder es hat andere Spalten.',
  },
  'Retrieve partitions for an entity (deprecated)': {
    nb: 'Hent partisjoner for en enhet (avviklet)',
    de: 'Partitionen einer Entität abrufen (veraltet)',
  },
  'Retrieves handles of the partitions of an entity (deprecated: use Retrieve partitions for an entity V2).':
    {
      nb: 'Henter referanser til partisjonene i en enhet (avviklet: bruk Hent partisjoner for en enhet V2).',
      de: 'Ruft Handles der Partitionen einer Entität ab (veraltet: verwenden Sie „Partitionen einer Entität abrufen V2“).',
    },
  'The partitions': {
    nb: 'Partisjonene',
    de: 'Die Partitionen',
  },
  'Retrieve partitions for an entity V2': {
    nb: 'Hent partisjoner for en enhet V2',
    de: 'Partitionen einer Entität abrufen V2',
  },
  'Retrieves the partitions of an entity with number and expiry, for Retrieve data from a partition. Together they contain all its rows.':
    {
      nb: 'Henter partisjonene i en enhet med nummer og utløpstid, for Hent data fra en partisjon. Til sammen inneholder de alle radene.',
      de: 'Ruft die Partitionen einer Entität mit Nummer und Ablaufzeit ab, für „Daten einer Partition abrufen“. Zusammen enthalten sie alle Zeilen.',
    },
  'Retrieve data from a partition': {
    nb: 'Hent data fra en partisjon',
    de: 'Daten einer Partition abrufen',
  },
  'Retrieves the rows of a partition that fit one answer. To read all rows, switch on paging or repeat the action with Next.':
    {
      nb: 'Henter de radene i en partisjon som får plass i ett svar. Slå på sideinndeling eller gjenta handlingen med Neste for å lese alle radene.',
      de: 'Ruft die Zeilen einer Partition ab, die in eine Antwort passen. Um alle Zeilen zu lesen, schalten Sie die Paginierung ein, oder wiederholen Sie die Aktion mit „Weiter“.',
    },
  Partition: {
    nb: 'Partisjon',
    de: 'Partition',
  },
  'A handle from Retrieve partitions for an entity, or Next of the previous answer.': {
    nb: 'En referanse fra Hent partisjoner for en enhet, eller Neste i det forrige svaret.',
    de: 'Ein Handle aus „Partitionen einer Entität abrufen“ oder „Weiter“ der vorherigen Antwort.',
  },
  'Page Size': {
    nb: 'Sidestørrelse',
    de: 'Seitengröße',
  },
  'Largest number of rows in one answer; 1,000 if empty.': {
    nb: 'Største antall rader i ett svar; 1000 hvis feltet er tomt.',
    de: 'Größte Anzahl von Zeilen in einer Antwort; 1.000, wenn leer.',
  },
  'Rows of the partition': {
    nb: 'Rader i partisjonen',
    de: 'Zeilen der Partition',
  },
  'The handle is not one of ours for you and this entity, or has expired; retrieve the partitions again.': {
    nb: 'Referansen gjelder ikke for deg og denne enheten, eller er utløpt. Hent partisjonene på nytt.',
    de: 'Das Handle gilt nicht für Sie und diese Entität, oder es ist abgelaufen. Rufen Sie die Partitionen erneut ab.',
  },
  'The partition has changed since; retrieve the partitions again.': {
    nb: 'Partisjonen er endret siden. Hent partisjonene på nytt.',
    de: 'Die Partition hat sich seitdem geändert. Rufen Sie die Partitionen erneut ab.',
  },
  'Sends the status report': {
    nb: 'Sender statusrapporten',
    de: 'Sendet den Statusbericht',
  },
  'Returns the status report as subject and body of an e-mail. It sends nothing: send it with an action of your mail connector.':
    {
      nb: 'Returnerer statusrapporten som emne og brødtekst for en e-post. Den sender ingenting: send den med en handling i e-posttjenesten din.',
      de: 'Gibt den Statusbericht als Betreff und Text einer E-Mail zurück. Die Aktion sendet nichts: Senden Sie ihn mit einer Aktion Ihres E-Mail-Connectors.',
    },
  'Report Type': {
    nb: 'Rapporttype',
    de: 'Berichtstyp',
  },
  'Select the report type.': {
    nb: 'Velg rapporttypen.',
    de: 'Wählen Sie den Berichtstyp aus.',
  },
  Everything: {
    nb: 'Alt',
    de: 'Alles',
  },
  'Data sources': {
    nb: 'Datakilder',
    de: 'Datenquellen',
  },
  Segments: {
    nb: 'Segmenter',
    de: 'Segmente',
  },
  Measures: {
    nb: 'Mål',
    de: 'Kennzahlen',
  },
  'System processes': {
    nb: 'Systemprosesser',
    de: 'Systemprozesse',
  },
  'The report': {
    nb: 'Rapporten',
    de: 'Der Bericht',
  },
  'Sends the status report V2': {
    nb: 'Sender statusrapporten V2',
    de: 'Sendet den Statusbericht V2',
  },
  'Returns the status report in sections with figures, so that a flow can decide what to do. It sends nothing.':
    {
      nb: 'Returnerer statusrapporten inndelt i deler med tall, slik at en flyt kan avgjøre hva som skal skje. Den sender ingenting.',
      de: 'Gibt den Statusbericht in Abschnitten mit Zahlen zurück, sodass ein Flow entscheiden kann, was zu tun ist. Die Aktion sendet nichts.',
    },
  Refresh: {
    nb: 'Oppdater',
    de: 'Aktualisieren',
  },
  'Starts a refresh of a data source, a segment, a measure or everything and returns the job without waiting for its end. If the same refresh is already running, its job is returned.':
    {
      nb: 'Starter en oppdatering av en datakilde, et segment, et mål eller alt, og returnerer jobben uten å vente på at den avsluttes. Hvis den samme oppdateringen allerede kjører, returneres jobben for den.',
      de: 'Startet die Aktualisierung einer Datenquelle, eines Segments, einer Kennzahl oder von allem und gibt den Auftrag zurück, ohne auf sein Ende zu warten. Läuft dieselbe Aktualisierung bereits, wird deren Auftrag zurückgegeben.',
    },
  Target: {
    nb: 'Omfang',
    de: 'Ziel',
  },
  'What to refresh.': {
    nb: 'Hva som skal oppdateres.',
    de: 'Was aktualisiert wird.',
  },
  'A data source': {
    nb: 'En datakilde',
    de: 'Eine Datenquelle',
  },
  'A segment': {
    nb: 'Et segment',
    de: 'Ein Segment',
  },
  'A measure': {
    nb: 'Et mål',
    de: 'Eine Kennzahl',
  },
  'Everything (full refresh)': {
    nb: 'Alt (fullstendig oppdatering)',
    de: 'Alles (vollständige Aktualisierung)',
  },
  'The job': {
    nb: 'Jobben',
    de: 'Der Auftrag',
  },
  'The instance, or what should be refreshed in it, does not exist.': {
    nb: 'Instansen, eller det som skal oppdateres i den, finnes ikke.',
    de: 'Die Instanz oder das darin zu Aktualisierende ist nicht vorhanden.',
  },
  'Get refresh status': {
    nb: 'Hent oppdateringsstatus',
    de: 'Aktualisierungsstatus abrufen',
  },
  'Gets the status of a refresh job and of each of its tasks.': {
    nb: 'Henter statusen til en oppdateringsjobb og til hver av oppgavene i den.',
    de: 'Ruft den Status eines Aktualisierungsauftrags und jeder seiner Aufgaben ab.',
  },
  'Job Id': {
    nb: 'Jobb-ID',
    de: 'Auftrags-ID',
  },
  'Id of the job, from Refresh or from a trigger.': {
    nb: 'ID-en til jobben, fra Oppdater eller fra en utløser.',
    de: 'ID des Auftrags, aus „Aktualisieren“ oder aus einem Trigger.',
  },
  'The job and its tasks': {
    nb: 'Jobben og oppgavene i den',
    de: 'Der Auftrag und seine Aufgaben',
  },
  'The instance has no such job; old ones are forgotten.': {
    nb: 'Instansen har ikke en slik jobb; gamle jobber blir slettet.',
    de: 'Die Instanz hat keinen solchen Auftrag; alte Aufträge werden gelöscht.',
  },
  'List segments with counts': {
    nb: 'Vis segmenter med antall',
    de: 'Segmente mit Mitgliederzahlen auflisten',
  },
  'Lists the segments of an instance with their member counts.': {
    nb: 'Viser segmentene i en instans med antall medlemmer.',
    de: 'Listet die Segmente einer Instanz mit ihren Mitgliederzahlen auf.',
  },
  'The segments': {
    nb: 'Segmentene',
    de: 'Die Segmente',
  },
  'List measures with values': {
    nb: 'Vis mål med verdier',
    de: 'Kennzahlen mit Werten auflisten',
  },
  'Lists the measures of an instance, with the value of each business measure without a dimension.': {
    nb: 'Viser målene i en instans, med verdien for hvert forretningsmål uten dimensjon.',
    de: 'Listet die Kennzahlen einer Instanz auf, mit dem Wert jeder Geschäftskennzahl ohne Dimension.',
  },
  'The measures': {
    nb: 'Målene',
    de: 'Die Kennzahlen',
  },
  'Preview a threshold': {
    nb: 'Forhåndsvis en terskel',
    de: 'Vorschau eines Schwellenwerts',
  },
  'Checks the evaluations of a segment or a measure over the last 30 days and lists when a trigger with this threshold would have fired.':
    {
      nb: 'Går gjennom evalueringene av et segment eller et mål de siste 30 dagene og viser når en utløser med denne terskelen ville ha blitt utløst.',
      de: 'Prüft die Auswertungen eines Segments oder einer Kennzahl der letzten 30 Tage und listet auf, wann ein Trigger mit diesem Schwellenwert ausgelöst hätte.',
    },
  'What to check.': {
    nb: 'Hva som skal kontrolleres.',
    de: 'Was geprüft wird.',
  },
  'The segment or measure whose value is checked; select the target first.': {
    nb: 'Segmentet eller målet der verdien kontrolleres; velg omfanget først.',
    de: 'Das Segment oder die Kennzahl, deren Wert geprüft wird; wählen Sie zuerst das Ziel.',
  },
  'What to list.': {
    nb: 'Hva som skal listes opp.',
    de: 'Was aufgelistet wird.',
  },
  'A measure with a single value': {
    nb: 'Et mål med én enkelt verdi',
    de: 'Eine Kennzahl mit einem einzigen Wert',
  },
  'The number that the value must cross; a value equal to it is neither above nor below. At most 38 significant digits.':
    {
      nb: 'Tallet som verdien må krysse; en verdi lik tallet er verken over eller under. Høyst 38 signifikante sifre.',
      de: 'Die Zahl, die der Wert überschreiten muss; ein gleicher Wert liegt weder darüber noch darunter. Höchstens 38 signifikante Stellen.',
    },
  'What would have happened': {
    nb: 'Hva som ville ha skjedd',
    de: 'Was geschehen wäre',
  },
  'The instance, or the segment or measure in it, does not exist.': {
    nb: 'Instansen, eller segmentet eller målet i den, finnes ikke.',
    de: 'Die Instanz oder das Segment oder die Kennzahl darin ist nicht vorhanden.',
  },
  'List my trigger subscriptions': {
    nb: 'Vis abonnementene for mine utløsere',
    de: 'Abonnements meiner Trigger auflisten',
  },
  'Lists the triggers of your flows with their state, the reason for it, the last event and the last delivery.':
    {
      nb: 'Viser utløserne i flytene dine med tilstand, årsaken til den, siste hendelse og siste levering.',
      de: 'Listet die Trigger Ihrer Flows mit ihrem Zustand, dem Grund dafür, dem letzten Ereignis und der letzten Zustellung auf.',
    },
  'The subscriptions': {
    nb: 'Abonnementene',
    de: 'Die Abonnements',
  },
  'Explain why a trigger did or did not fire': {
    nb: 'Forklar hvorfor en utløser ble eller ikke ble utløst',
    de: 'Erklären, warum ein Trigger ausgelöst hat oder nicht',
  },
  'Explains for each evaluation of the last days why one of your triggers did or did not fire, and how the flow answered.':
    {
      nb: 'Forklarer for hver evaluering de siste dagene hvorfor en av utløserne dine ble eller ikke ble utløst, og hva flyten svarte.',
      de: 'Erklärt für jede Auswertung der letzten Tage, warum einer Ihrer Trigger ausgelöst hat oder nicht, und was der Flow geantwortet hat.',
    },
  Subscription: {
    nb: 'Abonnement',
    de: 'Abonnement',
  },
  'One of your subscriptions.': {
    nb: 'Et av abonnementene dine.',
    de: 'Eines Ihrer Abonnements.',
  },
  Since: {
    nb: 'Siden',
    de: 'Seit',
  },
  'Start of the period; UTC, at most 30 days ago. If empty, 7 days ago.': {
    nb: 'Starten på perioden; UTC, høyst 30 dager tilbake. Hvis feltet er tomt, 7 dager tilbake.',
    de: 'Beginn des Zeitraums; UTC, höchstens vor 30 Tagen. Wenn leer, vor 7 Tagen.',
  },
  'The explanation': {
    nb: 'Forklaringen',
    de: 'Die Erklärung',
  },
  'No such subscription of yours': {
    nb: 'Du har ikke et slikt abonnement',
    de: 'Sie haben kein solches Abonnement',
  },
  'List deliveries of a subscription': {
    nb: 'Vis leveringene for et abonnement',
    de: 'Zustellungen eines Abonnements auflisten',
  },
  'Lists the events of the last days for one of your subscriptions, with the attempts to deliver them to the flow.':
    {
      nb: 'Viser hendelsene de siste dagene for et av abonnementene dine, med forsøkene på å levere dem til flyten.',
      de: 'Listet die Ereignisse der letzten Tage für eines Ihrer Abonnements auf, mit den Versuchen, sie dem Flow zuzustellen.',
    },
  'The deliveries': {
    nb: 'Leveringene',
    de: 'Die Zustellungen',
  },
  'Send a sample event to a flow': {
    nb: 'Send en eksempelhendelse til en flyt',
    de: 'Ein Beispielereignis an einen Flow senden',
  },
  'Sends an event with invented values to the flow of one of your subscriptions, to test the flow. Its event id begins with "sample-".':
    {
      nb: 'Sender en hendelse med oppdiktede verdier til flyten for et av abonnementene dine, for å teste flyten. Hendelses-ID-en begynner med «sample-».',
      de: 'Sendet ein Ereignis mit erfundenen Werten an den Flow eines Ihrer Abonnements, um den Flow zu testen. Die Ereignis-ID beginnt mit „sample-“.',
    },
  'The sample is on its way': {
    nb: 'Eksempelet er på vei',
    de: 'Das Beispiel ist unterwegs',
  },
  'The subscription is paused or has ended': {
    nb: 'Abonnementet er satt på pause eller avsluttet',
    de: 'Das Abonnement ist angehalten oder beendet',
  },
  'Remove an orphaned subscription': {
    nb: 'Fjern et abonnement uten flyt',
    de: 'Ein verwaistes Abonnement entfernen',
  },
  'Removes one of your subscriptions whose flow no longer exists. A flow that still exists gets no events until it is saved again.':
    {
      nb: 'Fjerner et av abonnementene dine der flyten ikke lenger finnes. En flyt som fortsatt finnes, får ingen hendelser før den lagres på nytt.',
      de: 'Entfernt eines Ihrer Abonnements, dessen Flow nicht mehr vorhanden ist. Ein noch vorhandener Flow erhält erst wieder Ereignisse, wenn er erneut gespeichert wird.',
    },
  Removed: {
    nb: 'Fjernet',
    de: 'Entfernt',
  },
  'List instances': {
    nb: 'Vis instanser',
    de: 'Instanzen auflisten',
  },
  'Lists the Customer Insights instances that you may see and this connector serves.': {
    nb: 'Viser Customer Insights-instansene som du har tilgang til, og som hører til denne koblingen.',
    de: 'Listet die Customer Insights-Instanzen auf, auf die Sie Zugriff haben und die zu diesem Connector gehören.',
  },
  'The instances': {
    nb: 'Instansene',
    de: 'Die Instanzen',
  },
  'List scalar measures': {
    nb: 'Vis skalare mål',
    de: 'Skalare Kennzahlen auflisten',
  },
  'Lists the business measures without a dimension, which have one value for the whole instance.': {
    nb: 'Viser forretningsmålene uten dimensjon, som har én verdi for hele instansen.',
    de: 'Listet die Geschäftskennzahlen ohne Dimension auf, die einen Wert für die ganze Instanz haben.',
  },
  'List data sources': {
    nb: 'Vis datakilder',
    de: 'Datenquellen auflisten',
  },
  'Lists the data sources of an instance with their ids, as the triggers take them.': {
    nb: 'Viser datakildene i en instans med ID-ene som utløserne bruker.',
    de: 'Listet die Datenquellen einer Instanz mit den IDs auf, die die Trigger verwenden.',
  },
  'The data sources': {
    nb: 'Datakildene',
    de: 'Die Datenquellen',
  },
  'Get the columns of an entity': {
    nb: 'Hent kolonnene i en enhet',
    de: 'Spalten einer Entität abrufen',
  },
  'Describes the items of an entity: names, titles and types of its columns.': {
    nb: 'Beskriver elementene i en enhet: navn, titler og typer for kolonnene.',
    de: 'Beschreibt die Elemente einer Entität: Namen, Titel und Typen ihrer Spalten.',
  },
  'The columns': {
    nb: 'Kolonnene',
    de: 'Die Spalten',
  },
  'The instance has no such entity.': {
    nb: 'Instansen har ikke en slik enhet.',
    de: 'Die Instanz hat keine solche Entität.',
  },
  'Test the connection': {
    nb: 'Test tilkoblingen',
    de: 'Verbindung testen',
  },
  'Checks that sign-in and consent work and that at least one instance can be used with this account.': {
    nb: 'Kontrollerer at pålogging og samtykke virker, og at minst én instans kan brukes med denne kontoen.',
    de: 'Prüft, ob Anmeldung und Einwilligung funktionieren und mit diesem Konto mindestens eine Instanz verwendet werden kann.',
  },
  'The connection works': {
    nb: 'Tilkoblingen virker',
    de: 'Die Verbindung funktioniert',
  },
  'The account sees none of the instances of this connector, or lacks the consent to use them.': {
    nb: 'Kontoen ser ingen av instansene i denne koblingen, eller mangler samtykke til å bruke dem.',
    de: 'Das Konto sieht keine der Instanzen dieses Connectors, oder ihm fehlt die Einwilligung, sie zu verwenden.',
  },
  'Stop a trigger': {
    nb: 'Stopp en utløser',
    de: 'Einen Trigger anhalten',
  },
  'Removes a subscription that a trigger has registered. Called by Power Automate, without credentials.': {
    nb: 'Fjerner et abonnement som en utløser har registrert. Kalles av Power Automate, uten pålogging.',
    de: 'Entfernt ein Abonnement, das ein Trigger registriert hat. Wird von Power Automate ohne Anmeldung aufgerufen.',
  },
  'Subscription Id': {
    nb: 'Abonnements-ID',
    de: 'Abonnement-ID',
  },
  'Public id of the subscription.': {
    nb: 'Offentlig ID for abonnementet.',
    de: 'Öffentliche ID des Abonnements.',
  },
  Secret: {
    nb: 'Hemmelighet',
    de: 'Geheimnis',
  },
  'The delete secret of the registration, from its Location header.': {
    nb: 'Slettehemmeligheten for registreringen, fra Location-hodet.',
    de: 'Das Löschgeheimnis der Registrierung aus deren Location-Header.',
  },
  'Removed, or already gone. A superseded secret removes nothing and also gets this answer.': {
    nb: 'Fjernet, eller allerede borte. En utdatert hemmelighet fjerner ingenting og får også dette svaret.',
    de: 'Entfernt oder bereits nicht mehr vorhanden. Ein überholtes Geheimnis entfernt nichts und erhält ebenfalls diese Antwort.',
  },
  'The address is not one that a registration has given.': {
    nb: 'Adressen kommer ikke fra en registrering.',
    de: 'Die Adresse stammt nicht von einer Registrierung.',
  },
  'Key of the item.': {
    nb: 'Nøkkelen til elementet.',
    de: 'Schlüssel des Elements.',
  },
  'The change is kept until this time (UTC), unless the data source contains it by then.': {
    nb: 'Endringen beholdes til dette tidspunktet (UTC), med mindre datakilden inneholder den innen da.',
    de: 'Die Änderung bleibt bis zu diesem Zeitpunkt (UTC) erhalten, sofern die Datenquelle sie bis dahin nicht enthält.',
  },
  'Already Accepted': {
    nb: 'Allerede godtatt',
    de: 'Bereits angenommen',
  },
  'Whether the same request was accepted before; then it is not carried out again.': {
    nb: 'Om den samme forespørselen er godtatt før; da utføres den ikke på nytt.',
    de: 'Ob dieselbe Anforderung bereits angenommen wurde; dann wird sie nicht erneut ausgeführt.',
  },
  'Data Source Id': {
    nb: 'Datakilde-ID',
    de: 'Datenquellen-ID',
  },
  'Id of the data source, for triggers and Refresh.': {
    nb: 'ID-en til datakilden, for utløsere og Oppdater.',
    de: 'ID der Datenquelle, für Trigger und „Aktualisieren“.',
  },
  Name: {
    nb: 'Navn',
    de: 'Name',
  },
  'Unique name of the data source.': {
    nb: 'Unikt navn på datakilden.',
    de: 'Eindeutiger Name der Datenquelle.',
  },
  'Display Name': {
    nb: 'Visningsnavn',
    de: 'Anzeigename',
  },
  'Name shown in Customer Insights.': {
    nb: 'Navnet som vises i Customer Insights.',
    de: 'Name, der in Customer Insights angezeigt wird.',
  },
  Owner: {
    nb: 'Eier',
    de: 'Besitzer',
  },
  'E-mail address of the person who created it, if Customer Insights gives one.': {
    nb: 'E-postadressen til personen som opprettet objektet, hvis Customer Insights oppgir den.',
    de: 'E-Mail-Adresse der Person, die das Objekt erstellt hat, sofern Customer Insights sie nennt.',
  },
  'Last Editor': {
    nb: 'Sist endret av',
    de: 'Zuletzt geändert von',
  },
  'Sign-in name of the person who changed it last, if Customer Insights gives one.': {
    nb: 'Påloggingsnavnet til personen som sist endret objektet, hvis Customer Insights oppgir det.',
    de: 'Anmeldename der Person, die das Objekt zuletzt geändert hat, sofern Customer Insights ihn nennt.',
  },
  Link: {
    nb: 'Kobling',
    de: 'Link',
  },
  'Opens the object in Customer Insights, or its instance where the object has no page.': {
    nb: 'Åpner objektet i Customer Insights, eller instansen hvis objektet ikke har en egen side.',
    de: 'Öffnet das Objekt in Customer Insights oder dessen Instanz, wenn das Objekt keine eigene Seite hat.',
  },
  'Data Sources': {
    nb: 'Datakilder',
    de: 'Datenquellen',
  },
  'The data sources, by display name.': {
    nb: 'Datakildene, etter visningsnavn.',
    de: 'Die Datenquellen, nach Anzeigename.',
  },
  'Instance Name': {
    nb: 'Instansnavn',
    de: 'Instanzname',
  },
  'Name of the Customer Insights instance.': {
    nb: 'Navnet på Customer Insights-instansen.',
    de: 'Name der Customer Insights-Instanz.',
  },
  'Data Source Name': {
    nb: 'Datakildenavn',
    de: 'Name der Datenquelle',
  },
  'Name of the data source, as Customer Insights shows it.': {
    nb: 'Navnet på datakilden slik Customer Insights viser det.',
    de: 'Name der Datenquelle, wie Customer Insights ihn anzeigt.',
  },
  Status: {
    nb: 'Status',
    de: 'Status',
  },
  'How the refresh ended.': {
    nb: 'Hvordan oppdateringen endte.',
    de: 'Wie die Aktualisierung geendet hat.',
  },
  'Not started': {
    nb: 'Ikke startet',
    de: 'Nicht gestartet',
  },
  Queued: {
    nb: 'I kø',
    de: 'In der Warteschlange',
  },
  Refreshing: {
    nb: 'Oppdateres',
    de: 'Wird aktualisiert',
  },
  Successful: {
    nb: 'Vellykket',
    de: 'Erfolgreich',
  },
  'Failed (timed out)': {
    nb: 'Mislykket (tidsavbrudd)',
    de: 'Fehlgeschlagen (Zeitüberschreitung)',
  },
  Canceled: {
    nb: 'Avbrutt',
    de: 'Abgebrochen',
  },
  Skipped: {
    nb: 'Hoppet over',
    de: 'Übersprungen',
  },
  'Needs update': {
    nb: 'Må oppdateres',
    de: 'Aktualisierung erforderlich',
  },
  Unknown: {
    nb: 'Ukjent',
    de: 'Unbekannt',
  },
  'Error Message': {
    nb: 'Feilmelding',
    de: 'Fehlermeldung',
  },
  'What Customer Insights says went wrong, if anything.': {
    nb: 'Hva Customer Insights oppgir som feil, hvis noe.',
    de: 'Was laut Customer Insights fehlgeschlagen ist, sofern angegeben.',
  },
  'Error Code': {
    nb: 'Feilkode',
    de: 'Fehlercode',
  },
  'Error code given by Customer Insights, if any.': {
    nb: 'Feilkoden fra Customer Insights, hvis det er noen.',
    de: 'Fehlercode von Customer Insights, sofern vorhanden.',
  },
  'Occurred At': {
    nb: 'Skjedde',
    de: 'Geschehen am',
  },
  'When it happened in Customer Insights, not when it was noticed; UTC.': {
    nb: 'Når det skjedde i Customer Insights, ikke når det ble oppdaget; UTC.',
    de: 'Wann es in Customer Insights geschehen ist, nicht wann es bemerkt wurde; UTC.',
  },
  'Ended At': {
    nb: 'Avsluttet',
    de: 'Beendet am',
  },
  'When the refresh ended; UTC.': {
    nb: 'Når oppdateringen ble avsluttet; UTC.',
    de: 'Wann die Aktualisierung beendet wurde; UTC.',
  },
  'Submitted At': {
    nb: 'Sendt inn',
    de: 'Übermittelt am',
  },
  'When the refresh was submitted; UTC.': {
    nb: 'Når oppdateringen ble sendt inn; UTC.',
    de: 'Wann die Aktualisierung übermittelt wurde; UTC.',
  },
  'Id of the data source; absent if it no longer exists or several have its name.': {
    nb: 'ID-en til datakilden; mangler hvis den ikke lenger finnes eller flere har samme navn.',
    de: 'ID der Datenquelle; fehlt, wenn sie nicht mehr vorhanden ist oder mehrere ihren Namen haben.',
  },
  'The refresh job in Customer Insights.': {
    nb: 'Oppdateringsjobben i Customer Insights.',
    de: 'Der Aktualisierungsauftrag in Customer Insights.',
  },
  Trigger: {
    nb: 'Utløser',
    de: 'Trigger',
  },
  'The trigger that fired.': {
    nb: 'Utløseren som ble utløst.',
    de: 'Der Trigger, der ausgelöst hat.',
  },
  'Instance Id': {
    nb: 'Instans-ID',
    de: 'Instanz-ID',
  },
  'Id of the Customer Insights instance.': {
    nb: 'ID-en til Customer Insights-instansen.',
    de: 'ID der Customer Insights-Instanz.',
  },
  'Event Id': {
    nb: 'Hendelses-ID',
    de: 'Ereignis-ID',
  },
  'The same occurrence always has the same event id; use it to recognise a repeated delivery.': {
    nb: 'Den samme hendelsen har alltid samme hendelses-ID; bruk den til å gjenkjenne en gjentatt levering.',
    de: 'Dasselbe Ereignis hat immer dieselbe Ereignis-ID; daran erkennen Sie eine wiederholte Zustellung.',
  },
  'Delivery Id': {
    nb: 'Leverings-ID',
    de: 'Zustellungs-ID',
  },
  'Identifies this event for this flow; the same in every attempt to deliver it.': {
    nb: 'Identifiserer hendelsen for denne flyten; lik i alle forsøk på å levere den.',
    de: 'Identifiziert dieses Ereignis für diesen Flow; bei jedem Zustellversuch gleich.',
  },
  At: {
    nb: 'Tidspunkt',
    de: 'Zeitpunkt',
  },
  'When it happened in Customer Insights; UTC.': {
    nb: 'Når det skjedde i Customer Insights; UTC.',
    de: 'Wann es in Customer Insights geschehen ist; UTC.',
  },
  'fired: an event was sent. notFired: no event was sent. note: explains why there are no events.': {
    nb: 'fired: en hendelse ble sendt. notFired: ingen hendelse ble sendt. note: forklarer hvorfor det ikke er noen hendelser.',
    de: 'fired: Ein Ereignis wurde gesendet. notFired: Kein Ereignis wurde gesendet. note: erklärt, warum es keine Ereignisse gibt.',
  },
  Fired: {
    nb: 'Utløst',
    de: 'Ausgelöst',
  },
  'Did not fire': {
    nb: 'Ikke utløst',
    de: 'Nicht ausgelöst',
  },
  Note: {
    nb: 'Merknad',
    de: 'Hinweis',
  },
  Sentence: {
    nb: 'Setning',
    de: 'Satz',
  },
  'What was detected, and why the trigger did or did not fire.': {
    nb: 'Hva som ble oppdaget, og hvorfor utløseren ble eller ikke ble utløst.',
    de: 'Was erkannt wurde und warum der Trigger ausgelöst hat oder nicht.',
  },
  'Previous Value': {
    nb: 'Forrige verdi',
    de: 'Vorheriger Wert',
  },
  'Previous value, for a threshold trigger.': {
    nb: 'Forrige verdi, for en terskelutløser.',
    de: 'Vorheriger Wert, bei einem Schwellenwert-Trigger.',
  },
  'Current Value': {
    nb: 'Gjeldende verdi',
    de: 'Aktueller Wert',
  },
  'Current value, for a threshold trigger.': {
    nb: 'Gjeldende verdi, for en terskelutløser.',
    de: 'Aktueller Wert, bei einem Schwellenwert-Trigger.',
  },
  'Id of the event, if there is one.': {
    nb: 'ID-en til hendelsen, hvis det er noen.',
    de: 'ID des Ereignisses, sofern vorhanden.',
  },
  'Id of the delivery, if there is one.': {
    nb: 'ID-en til leveringen, hvis det er noen.',
    de: 'ID der Zustellung, sofern vorhanden.',
  },
  Attempts: {
    nb: 'Forsøk',
    de: 'Versuche',
  },
  'The attempts to call the flow, oldest first.': {
    nb: 'Forsøkene på å kalle flyten, eldste først.',
    de: 'Die Versuche, den Flow aufzurufen, die ältesten zuerst.',
  },
  'Identifies the event for this flow.': {
    nb: 'Identifiserer hendelsen for denne flyten.',
    de: 'Identifiziert das Ereignis für diesen Flow.',
  },
  'Identifies the event.': {
    nb: 'Identifiserer hendelsen.',
    de: 'Identifiziert das Ereignis.',
  },
  'When the event happened; UTC.': {
    nb: 'Når hendelsen skjedde; UTC.',
    de: 'Wann das Ereignis geschehen ist; UTC.',
  },
  Origin: {
    nb: 'Opprinnelse',
    de: 'Herkunft',
  },
  'event: it happened. sample: it was requested as a test. replay: an operator sent it again.': {
    nb: 'event: den skjedde. sample: den ble bestilt som en test. replay: en operatør sendte den på nytt.',
    de: 'event: Es ist geschehen. sample: Es wurde als Test angefordert. replay: Ein Operator hat es erneut gesendet.',
  },
  Event: {
    nb: 'Hendelse',
    de: 'Ereignis',
  },
  Sample: {
    nb: 'Eksempel',
    de: 'Beispiel',
  },
  Replay: {
    nb: 'Gjentakelse',
    de: 'Wiederholung',
  },
  State: {
    nb: 'Tilstand',
    de: 'Zustand',
  },
  'pending: attempts continue. delivered: the flow accepted it. dead: given up; an operator can send it again. dropped: the subscription was no longer active.':
    {
      nb: 'pending: forsøkene fortsetter. delivered: flyten tok imot. dead: oppgitt; en operatør kan sende på nytt. dropped: abonnementet var ikke lenger aktivt.',
      de: 'pending: Weitere Versuche folgen. delivered: Der Flow hat es angenommen. dead: aufgegeben; ein Operator kann es erneut senden. dropped: Das Abonnement war nicht mehr aktiv.',
    },
  Pending: {
    nb: 'Venter',
    de: 'Ausstehend',
  },
  Delivered: {
    nb: 'Levert',
    de: 'Zugestellt',
  },
  'Given up': {
    nb: 'Oppgitt',
    de: 'Aufgegeben',
  },
  Dropped: {
    nb: 'Forkastet',
    de: 'Verworfen',
  },
  'Why it was dropped, if so.': {
    nb: 'Hvorfor den ble forkastet, hvis den ble det.',
    de: 'Warum es verworfen wurde, falls das geschah.',
  },
  'Attempt Count': {
    nb: 'Antall forsøk',
    de: 'Anzahl der Versuche',
  },
  'Attempts made so far.': {
    nb: 'Antall forsøk hittil.',
    de: 'Bisherige Versuche.',
  },
  'The last 40 attempts, oldest first.': {
    nb: 'De siste 40 forsøkene, eldste først.',
    de: 'Die letzten 40 Versuche, die ältesten zuerst.',
  },
  'When the attempt ended; UTC.': {
    nb: 'Når forsøket ble avsluttet; UTC.',
    de: 'Wann der Versuch beendet wurde; UTC.',
  },
  'HTTP status of the answer; null if there was none.': {
    nb: 'HTTP-statusen i svaret; null hvis det ikke kom noe svar.',
    de: 'HTTP-Status der Antwort; null, wenn es keine gab.',
  },
  Meaning: {
    nb: 'Betydning',
    de: 'Bedeutung',
  },
  'What the answer means.': {
    nb: 'Hva svaret betyr.',
    de: 'Was die Antwort bedeutet.',
  },
  Deliveries: {
    nb: 'Leveringer',
    de: 'Zustellungen',
  },
  'By the time of the event, newest first; at most 500.': {
    nb: 'Etter tidspunktet for hendelsen, nyeste først; høyst 500.',
    de: 'Nach dem Zeitpunkt des Ereignisses, die neuesten zuerst; höchstens 500.',
  },
  'Unique name, for the other actions.': {
    nb: 'Unikt navn, for de andre handlingene.',
    de: 'Eindeutiger Name, für die anderen Aktionen.',
  },
  'Name shown to people, with the data source of a source table in brackets.': {
    nb: 'Navnet som vises, med datakilden for en kildetabell i parentes.',
    de: 'Name, der angezeigt wird, bei einer Quelltabelle mit der Datenquelle in Klammern.',
  },
  'Entity Type': {
    nb: 'Enhetstype',
    de: 'Entitätstyp',
  },
  'profile, unifiedActivity, activity, segment, aggregateKpi (measure) and others.': {
    nb: 'profile, unifiedActivity, activity, segment, aggregateKpi (mål) og andre.',
    de: 'profile, unifiedActivity, activity, segment, aggregateKpi (Kennzahl) und andere.',
  },
  'Data source of the table; null for tables that Customer Insights creates.': {
    nb: 'Datakilden for tabellen; null for tabeller som Customer Insights oppretter.',
    de: 'Datenquelle der Tabelle; null bei Tabellen, die Customer Insights erstellt.',
  },
  'Can Be Written': {
    nb: 'Kan skrives',
    de: 'Schreibbar',
  },
  'Whether items can be written: profiles with Update item, activities with Create item.': {
    nb: 'Om elementer kan skrives: profiler med Oppdater element, aktiviteter med Opprett element.',
    de: 'Ob Elemente geschrieben werden können: Profile mit „Element aktualisieren“, Aktivitäten mit „Element erstellen“.',
  },
  'Column Count': {
    nb: 'Antall kolonner',
    de: 'Anzahl der Spalten',
  },
  'Number of columns.': {
    nb: 'Antall kolonner.',
    de: 'Anzahl der Spalten.',
  },
  'Refreshed At': {
    nb: 'Oppdatert',
    de: 'Aktualisiert am',
  },
  'Last refresh; null before the first. UTC.': {
    nb: 'Siste oppdatering; null før den første. UTC.',
    de: 'Letzte Aktualisierung; null vor der ersten. UTC.',
  },
  Entities: {
    nb: 'Enheter',
    de: 'Entitäten',
  },
  'The entities, by display name.': {
    nb: 'Enhetene, etter visningsnavn.',
    de: 'Die Entitäten, nach Anzeigename.',
  },
  'Unique name of the entity.': {
    nb: 'Unikt navn på enheten.',
    de: 'Eindeutiger Name der Entität.',
  },
  Title: {
    nb: 'Tittel',
    de: 'Titel',
  },
  'Name for people.': {
    nb: 'Navn for mennesker.',
    de: 'Name für Menschen.',
  },
  Permission: {
    nb: 'Tillatelse',
    de: 'Berechtigung',
  },
  'Whether items of the entity can be written.': {
    nb: 'Om elementer i enheten kan skrives.',
    de: 'Ob Elemente der Entität geschrieben werden können.',
  },
  'Items can be created or updated': {
    nb: 'Elementer kan opprettes eller oppdateres',
    de: 'Elemente können erstellt oder aktualisiert werden',
  },
  'Items can only be read': {
    nb: 'Elementer kan bare leses',
    de: 'Elemente können nur gelesen werden',
  },
  Schema: {
    nb: 'Skjema',
    de: 'Schema',
  },
  'JSON schema of one item.': {
    nb: 'JSON-skjemaet for ett element.',
    de: 'JSON-Schema eines Elements.',
  },
  'The subscription.': {
    nb: 'Abonnementet.',
    de: 'Das Abonnement.',
  },
  'active: events are sent. paused: the flow is turned off. ended: no more events are sent.': {
    nb: 'active: hendelser sendes. paused: flyten er slått av. ended: det sendes ikke flere hendelser.',
    de: 'active: Ereignisse werden gesendet. paused: Der Flow ist ausgeschaltet. ended: Es werden keine Ereignisse mehr gesendet.',
  },
  Active: {
    nb: 'Aktivt',
    de: 'Aktiv',
  },
  Paused: {
    nb: 'På pause',
    de: 'Angehalten',
  },
  Ended: {
    nb: 'Avsluttet',
    de: 'Beendet',
  },
  Summary: {
    nb: 'Sammendrag',
    de: 'Zusammenfassung',
  },
  'The subscription and its state, in sentences.': {
    nb: 'Abonnementet og tilstanden, i hele setninger.',
    de: 'Das Abonnement und sein Zustand, in Sätzen.',
  },
  'Start of the period explained; UTC.': {
    nb: 'Starten på perioden som forklares; UTC.',
    de: 'Beginn des erklärten Zeitraums; UTC.',
  },
  Decisions: {
    nb: 'Avgjørelser',
    de: 'Entscheidungen',
  },
  'Newest first; at most 500.': {
    nb: 'Nyeste først; høyst 500.',
    de: 'Die neuesten zuerst; höchstens 500.',
  },
  'succeeded: everything that was to be refreshed was. failed: something failed, timed out or was canceled.':
    {
      nb: 'succeeded: alt som skulle oppdateres, ble oppdatert. failed: noe mislyktes, fikk tidsavbrudd eller ble avbrutt.',
      de: 'succeeded: Alles, was zu aktualisieren war, wurde aktualisiert. failed: Etwas ist fehlgeschlagen, hat das Zeitlimit überschritten oder wurde abgebrochen.',
    },
  'Failed Count': {
    nb: 'Antall mislykkede',
    de: 'Anzahl fehlgeschlagen',
  },
  'How many stages failed or timed out.': {
    nb: 'Antall trinn som mislyktes eller fikk tidsavbrudd.',
    de: 'Wie viele Phasen fehlgeschlagen sind oder das Zeitlimit überschritten haben.',
  },
  'Stage Count': {
    nb: 'Antall trinn',
    de: 'Anzahl der Phasen',
  },
  'How many stages there were.': {
    nb: 'Hvor mange trinn det var.',
    de: 'Wie viele Phasen es gab.',
  },
  Stages: {
    nb: 'Trinn',
    de: 'Phasen',
  },
  'The result of each stage, in the order in which they ended; at most 100, those that did not succeed first.':
    {
      nb: 'Resultatet av hvert trinn, i den rekkefølgen de ble avsluttet; høyst 100, de som ikke lyktes, først.',
      de: 'Das Ergebnis jeder Phase, in der Reihenfolge ihres Endes; höchstens 100, die nicht erfolgreichen zuerst.',
    },
  'Started By': {
    nb: 'Startet av',
    de: 'Gestartet von',
  },
  'Whether the schedule or a person started the job.': {
    nb: 'Om tidsplanen eller en person startet jobben.',
    de: 'Ob der Zeitplan oder eine Person den Auftrag gestartet hat.',
  },
  Schedule: {
    nb: 'Tidsplan',
    de: 'Zeitplan',
  },
  'A person': {
    nb: 'En person',
    de: 'Eine Person',
  },
  'When the last stage ended; UTC.': {
    nb: 'Når det siste trinnet ble avsluttet; UTC.',
    de: 'Wann die letzte Phase beendet wurde; UTC.',
  },
  'Successful Count': {
    nb: 'Antall vellykkede',
    de: 'Anzahl erfolgreich',
  },
  'How many stages succeeded.': {
    nb: 'Antall trinn som lyktes.',
    de: 'Wie viele Phasen erfolgreich waren.',
  },
  'Skipped Count': {
    nb: 'Antall hoppet over',
    de: 'Anzahl übersprungen',
  },
  'How many stages were skipped: an earlier one failed, or the object is inactive.': {
    nb: 'Antall trinn som ble hoppet over: et tidligere trinn mislyktes, eller objektet er inaktivt.',
    de: 'Wie viele Phasen übersprungen wurden: Eine frühere ist fehlgeschlagen, oder das Objekt ist inaktiv.',
  },
  'Canceled Count': {
    nb: 'Antall avbrutte',
    de: 'Anzahl abgebrochen',
  },
  'How many stages were canceled.': {
    nb: 'Antall trinn som ble avbrutt.',
    de: 'Wie viele Phasen abgebrochen wurden.',
  },
  'State of the job when this happened.': {
    nb: 'Tilstanden til jobben da dette skjedde.',
    de: 'Zustand des Auftrags, als dies geschah.',
  },
  'Identifies the instance.': {
    nb: 'Identifiserer instansen.',
    de: 'Identifiziert die Instanz.',
  },
  'Name of the instance.': {
    nb: 'Navnet på instansen.',
    de: 'Name der Instanz.',
  },
  Instances: {
    nb: 'Instanser',
    de: 'Instanzen',
  },
  'The instances, by name.': {
    nb: 'Instansene, etter navn.',
    de: 'Die Instanzen, nach Name.',
  },
  Items: {
    nb: 'Elementer',
    de: 'Elemente',
  },
  'The items of this page.': {
    nb: 'Elementene på denne siden.',
    de: 'Die Elemente dieser Seite.',
  },
  'One item with the columns of the entity.': {
    nb: 'Ett element med kolonnene i enheten.',
    de: 'Ein Element mit den Spalten der Entität.',
  },
  'Next Link': {
    nb: 'Kobling til neste',
    de: 'Link zur nächsten Seite',
  },
  'Where the next page is.': {
    nb: 'Hvor neste side er.',
    de: 'Wo die nächste Seite ist.',
  },
  'Unique name of the measure; does not change when it is renamed.': {
    nb: 'Unikt navn på målet; endres ikke når målet får nytt navn.',
    de: 'Eindeutiger Name der Kennzahl; ändert sich beim Umbenennen nicht.',
  },
  Kind: {
    nb: 'Type',
    de: 'Art',
  },
  'Customer attributes and customer measures have one value per customer; read them with Get items from an entity.':
    {
      nb: 'Kundeattributter og kundemål har én verdi per kunde; les dem med Hent elementer fra en enhet.',
      de: 'Kundenattribute und Kundenkennzahlen haben einen Wert je Kunde; lesen Sie sie mit „Elemente einer Entität abrufen“.',
    },
  'Customer attribute': {
    nb: 'Kundeattributt',
    de: 'Kundenattribut',
  },
  'Customer measure': {
    nb: 'Kundemål',
    de: 'Kundenkennzahl',
  },
  'Business measure': {
    nb: 'Forretningsmål',
    de: 'Geschäftskennzahl',
  },
  'Has Value': {
    nb: 'Har verdi',
    de: 'Hat einen Wert',
  },
  'Whether it is a business measure without a dimension: one value for the whole instance.': {
    nb: 'Om det er et forretningsmål uten dimensjon: én verdi for hele instansen.',
    de: 'Ob es eine Geschäftskennzahl ohne Dimension ist: ein Wert für die ganze Instanz.',
  },
  Value: {
    nb: 'Verdi',
    de: 'Wert',
  },
  'Value at the last successful evaluation; null if there is none.': {
    nb: 'Verdien ved siste vellykkede evaluering; null hvis det ikke er noen.',
    de: 'Wert der letzten erfolgreichen Auswertung; null, wenn es keinen gibt.',
  },
  'Evaluated At': {
    nb: 'Evaluert',
    de: 'Ausgewertet am',
  },
  'Start of that evaluation; UTC.': {
    nb: 'Starten på den evalueringen; UTC.',
    de: 'Beginn dieser Auswertung; UTC.',
  },
  'State of the latest evaluation.': {
    nb: 'Tilstanden til siste evaluering.',
    de: 'Zustand der letzten Auswertung.',
  },
  'The measures, by display name.': {
    nb: 'Målene, etter visningsnavn.',
    de: 'Die Kennzahlen, nach Anzeigename.',
  },
  'Measure Display Name': {
    nb: 'Visningsnavn på målet',
    de: 'Anzeigename der Kennzahl',
  },
  'Name of the measure, as Customer Insights shows it.': {
    nb: 'Navnet på målet slik Customer Insights viser det.',
    de: 'Name der Kennzahl, wie Customer Insights ihn anzeigt.',
  },
  'The value that crossed the threshold.': {
    nb: 'Verdien som krysset terskelen.',
    de: 'Der Wert, der den Schwellenwert überschritten hat.',
  },
  'The value at the evaluation before.': {
    nb: 'Verdien ved forrige evaluering.',
    de: 'Der Wert der vorherigen Auswertung.',
  },
  'The threshold of this subscription.': {
    nb: 'Terskelen for dette abonnementet.',
    de: 'Der Schwellenwert dieses Abonnements.',
  },
  'Whether the value rose above the threshold or fell below it.': {
    nb: 'Om verdien steg over terskelen eller falt under den.',
    de: 'Ob der Wert über den Schwellenwert gestiegen oder unter ihn gefallen ist.',
  },
  'Measure Name': {
    nb: 'Målnavn',
    de: 'Name der Kennzahl',
  },
  'Started At': {
    nb: 'Startet',
    de: 'Gestartet am',
  },
  'When the evaluation started; UTC.': {
    nb: 'Når evalueringen startet; UTC.',
    de: 'Wann die Auswertung begonnen hat; UTC.',
  },
  'Run Id': {
    nb: 'Kjørings-ID',
    de: 'Ausführungs-ID',
  },
  'The evaluation in Customer Insights, where it is known.': {
    nb: 'Evalueringen i Customer Insights, hvis den er kjent.',
    de: 'Die Auswertung in Customer Insights, sofern bekannt.',
  },
  Number: {
    nb: 'Nummer',
    de: 'Nummer',
  },
  'Position of the partition, from 1.': {
    nb: 'Plasseringen til partisjonen, fra 1.',
    de: 'Position der Partition, ab 1.',
  },
  'A sealed handle for Retrieve data from a partition. Works for you and this entity only.': {
    nb: 'En forseglet referanse for Hent data fra en partisjon. Virker bare for deg og denne enheten.',
    de: 'Ein versiegeltes Handle für „Daten einer Partition abrufen“. Gilt nur für Sie und diese Entität.',
  },
  'Expires At': {
    nb: 'Utløper',
    de: 'Läuft ab am',
  },
  'The handle works until this time (UTC); afterwards retrieve the partitions again.': {
    nb: 'Referansen virker til dette tidspunktet (UTC); hent deretter partisjonene på nytt.',
    de: 'Das Handle gilt bis zu diesem Zeitpunkt (UTC); rufen Sie danach die Partitionen erneut ab.',
  },
  Partitions: {
    nb: 'Partisjoner',
    de: 'Partitionen',
  },
  'One handle for each partition; none for an empty entity.': {
    nb: 'Én referanse for hver partisjon; ingen for en tom enhet.',
    de: 'Ein Handle für jede Partition; keines bei einer leeren Entität.',
  },
  Entity: {
    nb: 'Enhet',
    de: 'Entität',
  },
  'The entity whose rows they hold.': {
    nb: 'Enheten som radene hører til.',
    de: 'Die Entität, deren Zeilen sie enthalten.',
  },
  Count: {
    nb: 'Antall',
    de: 'Anzahl',
  },
  'Number of partitions.': {
    nb: 'Antall partisjoner.',
    de: 'Anzahl der Partitionen.',
  },
  'The partitions in their order; none for an empty entity.': {
    nb: 'Partisjonene i rekkefølge; ingen for en tom enhet.',
    de: 'Die Partitionen in ihrer Reihenfolge; keine bei einer leeren Entität.',
  },
  Rows: {
    nb: 'Rader',
    de: 'Zeilen',
  },
  'The rows, in the order of the partition.': {
    nb: 'Radene, i rekkefølgen i partisjonen.',
    de: 'Die Zeilen, in der Reihenfolge der Partition.',
  },
  Row: {
    nb: 'Rad',
    de: 'Zeile',
  },
  'One row with the columns of the entity.': {
    nb: 'Én rad med kolonnene i enheten.',
    de: 'Eine Zeile mit den Spalten der Entität.',
  },
  Next: {
    nb: 'Neste',
    de: 'Weiter',
  },
  'Handle of the rest of the partition; absent at its end.': {
    nb: 'Referanse til resten av partisjonen; mangler på slutten.',
    de: 'Handle des Rests der Partition; fehlt an ihrem Ende.',
  },
  'Where the rest is.': {
    nb: 'Hvor resten er.',
    de: 'Wo der Rest ist.',
  },
  'Time of the evaluation; UTC.': {
    nb: 'Tidspunktet for evalueringen; UTC.',
    de: 'Zeitpunkt der Auswertung; UTC.',
  },
  'Value of the evaluation.': {
    nb: 'Verdien ved evalueringen.',
    de: 'Wert der Auswertung.',
  },
  Fires: {
    nb: 'Utløses',
    de: 'Löst aus',
  },
  'Whether a flow would have run.': {
    nb: 'Om en flyt ville ha kjørt.',
    de: 'Ob ein Flow ausgeführt worden wäre.',
  },
  'Id of the job, for Get refresh status.': {
    nb: 'ID-en til jobben, for Hent oppdateringsstatus.',
    de: 'ID des Auftrags, für „Aktualisierungsstatus abrufen“.',
  },
  'State of the job.': {
    nb: 'Tilstanden til jobben.',
    de: 'Zustand des Auftrags.',
  },
  'Is Finished': {
    nb: 'Er avsluttet',
    de: 'Ist beendet',
  },
  'Whether the job has ended, with or without success. Repeat Get refresh status until it has.': {
    nb: 'Om jobben er avsluttet, med eller uten feil. Gjenta Hent oppdateringsstatus til den er det.',
    de: 'Ob der Auftrag beendet ist, mit oder ohne Erfolg. Wiederholen Sie „Aktualisierungsstatus abrufen“, bis er es ist.',
  },
  'Is Successful': {
    nb: 'Er vellykket',
    de: 'Ist erfolgreich',
  },
  'Whether the job has ended successfully.': {
    nb: 'Om jobben ble avsluttet uten feil.',
    de: 'Ob der Auftrag erfolgreich beendet wurde.',
  },
  Operation: {
    nb: 'Operasjon',
    de: 'Vorgang',
  },
  'What is refreshed, in the words of Customer Insights: all, ingestion, segmentation, measures.': {
    nb: 'Hva som oppdateres, med ordene til Customer Insights: all, ingestion, segmentation, measures.',
    de: 'Was aktualisiert wird, in den Worten von Customer Insights: all, ingestion, segmentation, measures.',
  },
  Subjects: {
    nb: 'Objekter',
    de: 'Objekte',
  },
  'What the job refreshes; empty if it refreshes everything of its kind.': {
    nb: 'Hva jobben oppdaterer; tomt hvis den oppdaterer alt av sin type.',
    de: 'Was der Auftrag aktualisiert; leer, wenn er alles seiner Art aktualisiert.',
  },
  Subject: {
    nb: 'Objekt',
    de: 'Objekt',
  },
  'Id of a data source, or unique name of a segment or measure.': {
    nb: 'ID-en til en datakilde, eller det unike navnet på et segment eller mål.',
    de: 'ID einer Datenquelle oder eindeutiger Name eines Segments oder einer Kennzahl.',
  },
  'Submitted By': {
    nb: 'Sendt inn av',
    de: 'Übermittelt von',
  },
  'scheduled: by the schedule. onDemand: by a person or a program.': {
    nb: 'scheduled: av tidsplanen. onDemand: av en person eller et program.',
    de: 'scheduled: vom Zeitplan. onDemand: von einer Person oder einem Programm.',
  },
  'When the job was submitted; UTC.': {
    nb: 'Når jobben ble sendt inn; UTC.',
    de: 'Wann der Auftrag übermittelt wurde; UTC.',
  },
  'When the job ended; null before. UTC.': {
    nb: 'Når jobben ble avsluttet; null før det. UTC.',
    de: 'Wann der Auftrag beendet wurde; vorher null. UTC.',
  },
  'Failed Tasks': {
    nb: 'Mislykkede oppgaver',
    de: 'Fehlgeschlagene Aufgaben',
  },
  'How many of the tasks have failed.': {
    nb: 'Antall oppgaver som har mislyktes.',
    de: 'Wie viele der Aufgaben fehlgeschlagen sind.',
  },
  Tasks: {
    nb: 'Oppgaver',
    de: 'Aufgaben',
  },
  'The tasks: failed ones first, then by kind and name.': {
    nb: 'Oppgavene: mislykkede først, deretter etter type og navn.',
    de: 'Die Aufgaben: fehlgeschlagene zuerst, dann nach Art und Name.',
  },
  'Name of what the task refreshes.': {
    nb: 'Navnet på det som oppgaven oppdaterer.',
    de: 'Name dessen, was die Aufgabe aktualisiert.',
  },
  'Kind of the task, in the words of Customer Insights.': {
    nb: 'Typen oppgave, med ordene til Customer Insights.',
    de: 'Art der Aufgabe, in den Worten von Customer Insights.',
  },
  'How the task stands.': {
    nb: 'Tilstanden til oppgaven.',
    de: 'Zustand der Aufgabe.',
  },
  'When the task ended; null before. UTC.': {
    nb: 'Når oppgaven ble avsluttet; null før det. UTC.',
    de: 'Wann die Aufgabe beendet wurde; vorher null. UTC.',
  },
  'Error code of Customer Insights, if any.': {
    nb: 'Feilkoden fra Customer Insights, hvis det er noen.',
    de: 'Fehlercode von Customer Insights, sofern vorhanden.',
  },
  'The subscription that was removed.': {
    nb: 'Abonnementet som ble fjernet.',
    de: 'Das Abonnement, das entfernt wurde.',
  },
  'Id of the sample event; begins with "sample-".': {
    nb: 'ID-en til eksempelhendelsen; begynner med «sample-».',
    de: 'ID des Beispielereignisses; beginnt mit „sample-“.',
  },
  'Id of the delivery in List deliveries of a subscription.': {
    nb: 'ID-en til leveringen i Vis leveringene for et abonnement.',
    de: 'ID der Zustellung in „Zustellungen eines Abonnements auflisten“.',
  },
  'Unique name of the segment; does not change when it is renamed.': {
    nb: 'Unikt navn på segmentet; endres ikke når segmentet får nytt navn.',
    de: 'Eindeutiger Name des Segments; ändert sich beim Umbenennen nicht.',
  },
  'Member Count': {
    nb: 'Antall medlemmer',
    de: 'Mitgliederzahl',
  },
  'Members at the last successful evaluation; null before the first.': {
    nb: 'Medlemmer ved siste vellykkede evaluering; null før den første.',
    de: 'Mitglieder bei der letzten erfolgreichen Auswertung; null vor der ersten.',
  },
  'Counted At': {
    nb: 'Talt',
    de: 'Gezählt am',
  },
  'When the members were counted; UTC.': {
    nb: 'Når medlemmene ble talt; UTC.',
    de: 'Wann die Mitglieder gezählt wurden; UTC.',
  },
  'Is Active': {
    nb: 'Er aktivt',
    de: 'Ist aktiv',
  },
  'Whether the segment is refreshed; an inactive segment keeps its last count.': {
    nb: 'Om segmentet oppdateres; et inaktivt segment beholder det siste antallet.',
    de: 'Ob das Segment aktualisiert wird; ein inaktives Segment behält seine letzte Mitgliederzahl.',
  },
  'The segments, by display name.': {
    nb: 'Segmentene, etter visningsnavn.',
    de: 'Die Segmente, nach Anzeigename.',
  },
  'Segment Display Name': {
    nb: 'Visningsnavn på segmentet',
    de: 'Anzeigename des Segments',
  },
  'Name of the segment, as Customer Insights shows it.': {
    nb: 'Navnet på segmentet slik Customer Insights viser det.',
    de: 'Name des Segments, wie Customer Insights ihn anzeigt.',
  },
  'Segment Name': {
    nb: 'Segmentnavn',
    de: 'Name des Segments',
  },
  'Kind of the stage, in the words of Customer Insights: ingestion, map, match, merge …': {
    nb: 'Typen trinn, med ordene til Customer Insights: ingestion, map, match, merge …',
    de: 'Art der Phase, in den Worten von Customer Insights: ingestion, map, match, merge …',
  },
  'What was refreshed, for example a data source.': {
    nb: 'Hva som ble oppdatert, for eksempel en datakilde.',
    de: 'Was aktualisiert wurde, zum Beispiel eine Datenquelle.',
  },
  'How the stage ended.': {
    nb: 'Hvordan trinnet endte.',
    de: 'Wie die Phase geendet hat.',
  },
  'When the stage was submitted; UTC.': {
    nb: 'Når trinnet ble sendt inn; UTC.',
    de: 'Wann die Phase übermittelt wurde; UTC.',
  },
  'When the stage ended; UTC.': {
    nb: 'Når trinnet ble avsluttet; UTC.',
    de: 'Wann die Phase beendet wurde; UTC.',
  },
  'Already Under Way': {
    nb: 'Allerede i gang',
    de: 'Bereits im Gange',
  },
  'Whether the job was already running, so that none was started.': {
    nb: 'Om jobben allerede kjørte, slik at ingen ny ble startet.',
    de: 'Ob der Auftrag bereits lief, sodass keiner gestartet wurde.',
  },
  Healthy: {
    nb: 'Feilfri',
    de: 'Fehlerfrei',
  },
  'Whether nothing in the report has failed, or is being refreshed after a failure.': {
    nb: 'Om ingenting i rapporten har mislyktes eller oppdateres på nytt etter en feil.',
    de: 'Ob nichts im Bericht fehlgeschlagen ist oder nach einem Fehler erneut aktualisiert wird.',
  },
  'Number of objects in the report whose last completed run failed.': {
    nb: 'Antall objekter i rapporten der siste avsluttede kjøring mislyktes.',
    de: 'Anzahl der Objekte im Bericht, deren letzte beendete Ausführung fehlgeschlagen ist.',
  },
  'Generated At': {
    nb: 'Opprettet',
    de: 'Erstellt am',
  },
  'When the report was made; UTC.': {
    nb: 'Når rapporten ble laget; UTC.',
    de: 'Wann der Bericht erstellt wurde; UTC.',
  },
  Sections: {
    nb: 'Deler',
    de: 'Abschnitte',
  },
  'The sections that the report type names.': {
    nb: 'Delene som rapporttypen angir.',
    de: 'Die Abschnitte, die der Berichtstyp nennt.',
  },
  'Unique name or id of the object.': {
    nb: 'Unikt navn eller ID for objektet.',
    de: 'Eindeutiger Name oder ID des Objekts.',
  },
  'State of its last run; retrying is a run after one that failed.': {
    nb: 'Tilstanden til siste kjøring; retrying er en kjøring etter en som mislyktes.',
    de: 'Zustand der letzten Ausführung; retrying ist eine Ausführung nach einer fehlgeschlagenen.',
  },
  'Refreshing again after a failure': {
    nb: 'Oppdateres på nytt etter en feil',
    de: 'Wird nach einem Fehler erneut aktualisiert',
  },
  'Updated At': {
    nb: 'Oppdatert',
    de: 'Aktualisiert am',
  },
  'End of the run that the status is of, where known; UTC.': {
    nb: 'Slutten på kjøringen som statusen gjelder, hvis den er kjent; UTC.',
    de: 'Ende der Ausführung, für die der Status gilt, sofern bekannt; UTC.',
  },
  'Members of a segment, or value of a measure without a dimension.': {
    nb: 'Medlemmer i et segment, eller verdien av et mål uten dimensjon.',
    de: 'Mitglieder eines Segments oder Wert einer Kennzahl ohne Dimension.',
  },
  Error: {
    nb: 'Feil',
    de: 'Fehler',
  },
  'What Customer Insights says went wrong.': {
    nb: 'Hva Customer Insights oppgir som feil.',
    de: 'Was laut Customer Insights fehlgeschlagen ist.',
  },
  Section: {
    nb: 'Del',
    de: 'Abschnitt',
  },
  'What the section is about.': {
    nb: 'Hva delen handler om.',
    de: 'Worum es im Abschnitt geht.',
  },
  'Heading of the section.': {
    nb: 'Overskriften for delen.',
    de: 'Überschrift des Abschnitts.',
  },
  Total: {
    nb: 'Totalt',
    de: 'Gesamt',
  },
  'How many objects the section lists.': {
    nb: 'Antall objekter i delen.',
    de: 'Wie viele Objekte der Abschnitt enthält.',
  },
  'Number of objects of the section whose last completed run failed.': {
    nb: 'Antall objekter i delen der siste avsluttede kjøring mislyktes.',
    de: 'Anzahl der Objekte des Abschnitts, deren letzte beendete Ausführung fehlgeschlagen ist.',
  },
  Entries: {
    nb: 'Oppføringer',
    de: 'Einträge',
  },
  'The objects: failed ones first, then by name.': {
    nb: 'Objektene: mislykkede først, deretter etter navn.',
    de: 'Die Objekte: fehlgeschlagene zuerst, dann nach Name.',
  },
  'One line with the state of the instance.': {
    nb: 'Én linje med tilstanden til instansen.',
    de: 'Eine Zeile mit dem Zustand der Instanz.',
  },
  Body: {
    nb: 'Brødtekst',
    de: 'Text',
  },
  'The report in HTML, for the body of an e-mail.': {
    nb: 'Rapporten i HTML, som brødtekst i en e-post.',
    de: 'Der Bericht in HTML, als Text einer E-Mail.',
  },
  'Public id of this subscription.': {
    nb: 'Offentlig ID for dette abonnementet.',
    de: 'Öffentliche ID dieses Abonnements.',
  },
  'The trigger that was registered.': {
    nb: 'Utløseren som ble registrert.',
    de: 'Der Trigger, der registriert wurde.',
  },
  'Created At': {
    nb: 'Opprettet',
    de: 'Erstellt am',
  },
  'Events after this instant are sent; UTC. Saving the flow again keeps it.': {
    nb: 'Hendelser etter dette tidspunktet sendes; UTC. Det endres ikke når flyten lagres på nytt.',
    de: 'Ereignisse nach diesem Zeitpunkt werden gesendet; UTC. Er bleibt erhalten, wenn der Flow erneut gespeichert wird.',
  },
  Label: {
    nb: 'Etikett',
    de: 'Bezeichnung',
  },
  'Subject, condition and instance of the trigger, to tell subscriptions apart.': {
    nb: 'Objekt, betingelse og instans for utløseren, for å skille abonnementer fra hverandre.',
    de: 'Objekt, Bedingung und Instanz des Triggers, um Abonnements zu unterscheiden.',
  },
  'The Customer Insights instance it watches.': {
    nb: 'Customer Insights-instansen som overvåkes.',
    de: 'Die Customer Insights-Instanz, die überwacht wird.',
  },
  'Name of the instance; null if it was removed from the connector.': {
    nb: 'Navnet på instansen; null hvis den er fjernet fra koblingen.',
    de: 'Name der Instanz; null, wenn sie aus dem Connector entfernt wurde.',
  },
  'Instance Served': {
    nb: 'Instans i bruk',
    de: 'Instanz vorhanden',
  },
  'Whether the instance belongs to the connector. If not, no events are sent.': {
    nb: 'Om instansen hører til koblingen. Hvis ikke, sendes det ingen hendelser.',
    de: 'Ob die Instanz zum Connector gehört. Wenn nicht, werden keine Ereignisse gesendet.',
  },
  'Unique name of the segment or measure, or data source id; null for any or none.': {
    nb: 'Unikt navn på segmentet eller målet, eller datakilde-ID; null for alle eller ingen.',
    de: 'Eindeutiger Name des Segments oder der Kennzahl oder Datenquellen-ID; null für alle oder keines.',
  },
  'Subject Display Name': {
    nb: 'Visningsnavn på objektet',
    de: 'Anzeigename des Objekts',
  },
  'Name of the subject at the last registration; null for any or none.': {
    nb: 'Navnet på objektet ved siste registrering; null for alle eller ingen.',
    de: 'Name des Objekts bei der letzten Registrierung; null für alle oder keines.',
  },
  'Workflow Id': {
    nb: 'Flyt-ID',
    de: 'Workflow-ID',
  },
  'Id of the flow, as in its address; null if its address does not contain it.': {
    nb: 'ID-en til flyten, som i adressen; null hvis adressen ikke inneholder den.',
    de: 'ID des Flows, wie in seiner Adresse; null, wenn die Adresse sie nicht enthält.',
  },
  'Flow Name': {
    nb: 'Navn på flyten',
    de: 'Name des Flows',
  },
  'Name of the flow at the last registration; null if the platform gave none.': {
    nb: 'Navnet på flyten ved siste registrering; null hvis plattformen ikke oppga det.',
    de: 'Name des Flows bei der letzten Registrierung; null, wenn die Plattform keinen genannt hat.',
  },
  'Threshold of a threshold trigger; null for others.': {
    nb: 'Terskelen for en terskelutløser; null for andre.',
    de: 'Schwellenwert eines Schwellenwert-Triggers; null bei anderen.',
  },
  Condition: {
    nb: 'Betingelse',
    de: 'Bedingung',
  },
  'When the trigger fires, in words, with all its options.': {
    nb: 'Når utløseren utløses, med ord og med alle valgene.',
    de: 'Wann der Trigger auslöst, in Worten und mit allen Optionen.',
  },
  Reason: {
    nb: 'Årsak',
    de: 'Grund',
  },
  'Why it is in this state, in a sentence.': {
    nb: 'Hvorfor abonnementet er i denne tilstanden, i én setning.',
    de: 'Warum das Abonnement in diesem Zustand ist, in einem Satz.',
  },
  'Since when it has this state; UTC.': {
    nb: 'Siden når det har hatt denne tilstanden; UTC.',
    de: 'Seit wann es in diesem Zustand ist; UTC.',
  },
  'When it was first registered with these inputs; UTC.': {
    nb: 'Når det først ble registrert med disse valgene; UTC.',
    de: 'Wann es erstmals mit diesen Eingaben registriert wurde; UTC.',
  },
  'Registered At': {
    nb: 'Registrert',
    de: 'Registriert am',
  },
  'When the flow was last saved or turned on; UTC.': {
    nb: 'Når flyten sist ble lagret eller slått på; UTC.',
    de: 'Wann der Flow zuletzt gespeichert oder eingeschaltet wurde; UTC.',
  },
  'Last Event At': {
    nb: 'Siste hendelse',
    de: 'Letztes Ereignis am',
  },
  'When its newest event happened; UTC. Null if there was none in the last 30 days.': {
    nb: 'Når den nyeste hendelsen skjedde; UTC. Null hvis det ikke var noen de siste 30 dagene.',
    de: 'Wann das neueste Ereignis geschehen ist; UTC. Null, wenn es in den letzten 30 Tagen keines gab.',
  },
  'Last Delivery': {
    nb: 'Siste levering',
    de: 'Letzte Zustellung',
  },
  'Result of the newest event: pending, delivered, dead or dropped.': {
    nb: 'Resultatet av den nyeste hendelsen: pending, delivered, dead eller dropped.',
    de: 'Ergebnis des neuesten Ereignisses: pending, delivered, dead oder dropped.',
  },
  'Last Attempt At': {
    nb: 'Siste forsøk',
    de: 'Letzter Versuch am',
  },
  'When the flow was last called; UTC. Null if it was not.': {
    nb: 'Når flyten sist ble kalt; UTC. Null hvis den ikke er kalt.',
    de: 'Wann der Flow zuletzt aufgerufen wurde; UTC. Null, wenn er nicht aufgerufen wurde.',
  },
  Subscriptions: {
    nb: 'Abonnementer',
    de: 'Abonnements',
  },
  'The subscriptions, the newest registration first.': {
    nb: 'Abonnementene, den nyeste registreringen først.',
    de: 'Die Abonnements, die neueste Registrierung zuerst.',
  },
  'Whether a segment or a measure was checked.': {
    nb: 'Om et segment eller et mål ble kontrollert.',
    de: 'Ob ein Segment oder eine Kennzahl geprüft wurde.',
  },
  'Unique name of the segment or measure.': {
    nb: 'Unikt navn på segmentet eller målet.',
    de: 'Eindeutiger Name des Segments oder der Kennzahl.',
  },
  'The current value; null before the first evaluation.': {
    nb: 'Gjeldende verdi; null før den første evalueringen.',
    de: 'Der aktuelle Wert; null vor der ersten Auswertung.',
  },
  From: {
    nb: 'Fra',
    de: 'Von',
  },
  'Time of the oldest evaluation checked; UTC, null if there is none.': {
    nb: 'Tidspunktet for den eldste evalueringen som ble kontrollert; UTC, null hvis det ikke er noen.',
    de: 'Zeitpunkt der ältesten geprüften Auswertung; UTC, null, wenn es keine gibt.',
  },
  'Firing Count': {
    nb: 'Antall utløsninger',
    de: 'Anzahl der Auslösungen',
  },
  'How many times a flow would have run.': {
    nb: 'Hvor mange ganger en flyt ville ha kjørt.',
    de: 'Wie oft ein Flow ausgeführt worden wäre.',
  },
  Firings: {
    nb: 'Utløsninger',
    de: 'Auslösungen',
  },
  'When a flow would have run, oldest first.': {
    nb: 'Når en flyt ville ha kjørt, eldste først.',
    de: 'Wann ein Flow ausgeführt worden wäre, die ältesten zuerst.',
  },
  Evaluations: {
    nb: 'Evalueringer',
    de: 'Auswertungen',
  },
  'The successful evaluations, oldest first.': {
    nb: 'De vellykkede evalueringene, eldste først.',
    de: 'Die erfolgreichen Auswertungen, die ältesten zuerst.',
  },
  'How many instances can be used with this account; at least 1.': {
    nb: 'Hvor mange instanser som kan brukes med denne kontoen; minst 1.',
    de: 'Wie viele Instanzen mit diesem Konto verwendet werden können; mindestens 1.',
  },
  'List objects that can be refreshed': {
    nb: 'Vis objekter som kan oppdateres',
    de: 'Aktualisierbare Objekte auflisten',
  },
  'Lists the data sources, the segments or the measures of an instance; nothing for everything.': {
    nb: 'Viser datakildene, segmentene eller målene i en instans; ingenting for alt.',
    de: 'Listet die Datenquellen, die Segmente oder die Kennzahlen einer Instanz auf; nichts für alles.',
  },
  'The objects': {
    nb: 'Objektene',
    de: 'Die Objekte',
  },
  Objects: {
    nb: 'Objekter',
    de: 'Objekte',
  },
  'The objects, by display name.': {
    nb: 'Objektene, etter visningsnavn.',
    de: 'Die Objekte, nach Anzeigename.',
  },
  Object: {
    nb: 'Objekt',
    de: 'Objekt',
  },
  'The data source, segment or measure; select the target first. Empty for everything.': {
    nb: 'Datakilden, segmentet eller målet; velg omfanget først. Tomt for alt.',
    de: 'Die Datenquelle, das Segment oder die Kennzahl; wählen Sie zuerst das Ziel. Leer für alles.',
  },
  'Replaced by Object.': {
    nb: 'Erstattet av Objekt.',
    de: 'Ersetzt durch „Objekt“.',
  },
  'When one of my triggers is paused or ended or failing': {
    nb: 'Når en av utløserne mine er satt på pause eller avsluttet eller mislykkes',
    de: 'Wenn einer meiner Trigger pausiert oder beendet oder fehlerhaft ist',
  },
  'Triggers a flow when another trigger of yours, in any instance, no longer sends events or cannot deliver them. It never reports itself.':
    {
      nb: 'Starter en flyt når en annen av utløserne dine, i en hvilken som helst instans, ikke lenger sender hendelser eller ikke kan levere dem. Den melder aldri om seg selv.',
      de: 'Startet einen Flow, wenn ein anderer Ihrer Trigger, in einer beliebigen Instanz, keine Ereignisse mehr sendet oder sie nicht zustellen kann. Er meldet nie sich selbst.',
    },
  'To test it, turn off a flow with another trigger and let its event happen, or send a sample event.': {
    nb: 'Test utløseren ved å slå av en flyt med en annen utløser og la hendelsen inntreffe, eller send en eksempelhendelse.',
    de: 'Schalten Sie zum Testen einen Flow mit einem anderen Trigger aus und lassen Sie dessen Ereignis eintreten, oder senden Sie ein Beispielereignis.',
  },
  Report: {
    nb: 'Meld',
    de: 'Melden',
  },
  'Trouble only': {
    nb: 'Bare problemer',
    de: 'Nur Störungen',
  },
  'Also when it works again': {
    nb: 'Også når den virker igjen',
    de: 'Auch wenn er wieder funktioniert',
  },
  'trouble: the flow runs when a trigger is paused, ended or failing. troubleAndRecovery: also when the trigger has delivered an event again.':
    {
      nb: 'trouble: flyten kjører når en utløser er satt på pause, avsluttet eller mislykkes. troubleAndRecovery: også når utløseren har levert en hendelse igjen.',
      de: 'trouble: Der Flow wird ausgeführt, wenn ein Trigger pausiert, beendet oder fehlerhaft ist. troubleAndRecovery: auch wenn der Trigger wieder ein Ereignis zugestellt hat.',
    },
  Triggers: {
    nb: 'Utløsere',
    de: 'Trigger',
  },
  'My triggers': {
    nb: 'Mine utløsere',
    de: 'Meine Trigger',
  },
  'All triggers (operators only)': {
    nb: 'Alle utløsere (bare operatører)',
    de: 'Alle Trigger (nur Operatoren)',
  },
  'mine: the triggers of your flows. all: those of all people; this requires the app role Operator.': {
    nb: 'mine: utløserne i flytene dine. all: utløserne til alle personer; dette krever approllen Operator.',
    de: 'mine: die Trigger Ihrer Flows. all: die aller Personen; dies erfordert die App-Rolle Operator.',
  },
  'Subject, condition and instance of the trigger in trouble.': {
    nb: 'Emne, betingelse og instans for utløseren med problemer.',
    de: 'Gegenstand, Bedingung und Instanz des gestörten Triggers.',
  },
  'Name of its flow at the last registration, if the platform gave one.': {
    nb: 'Navnet på flyten ved siste registrering, hvis plattformen oppga det.',
    de: 'Name seines Flows bei der letzten Registrierung, falls die Plattform einen angegeben hat.',
  },
  'Works again': {
    nb: 'Virker igjen',
    de: 'Funktioniert wieder',
  },
  Failing: {
    nb: 'Mislykkes',
    de: 'Fehlerhaft',
  },
  'paused: the flow is turned off. ended: no more events are sent. failing: an event has waited for more than an hour. working: an event was delivered again.':
    {
      nb: 'paused: flyten er slått av. ended: ingen flere hendelser sendes. failing: en hendelse har ventet i mer enn en time. working: en hendelse ble levert igjen.',
      de: 'paused: Der Flow ist ausgeschaltet. ended: Es werden keine Ereignisse mehr gesendet. failing: Ein Ereignis wartet seit mehr als einer Stunde. working: Es wurde wieder ein Ereignis zugestellt.',
    },
  'What To Do': {
    nb: 'Hva du kan gjøre',
    de: 'Was zu tun ist',
  },
  'How to make it work again, in a sentence.': {
    nb: 'Hvordan du får den til å virke igjen, i en setning.',
    de: 'Wie er wieder funktioniert, in einem Satz.',
  },
  'When the trigger came into this state, not when it was noticed; UTC.': {
    nb: 'Når utløseren kom i denne tilstanden, ikke når det ble oppdaget; UTC.',
    de: 'Wann der Trigger in diesen Zustand kam, nicht wann es bemerkt wurde; UTC.',
  },
  'Trigger In Trouble': {
    nb: 'Utløser med problemer',
    de: 'Gestörter Trigger',
  },
  'Operation id of the trigger in trouble.': {
    nb: 'Operasjons-ID-en til utløseren med problemer.',
    de: 'Vorgangs-ID des gestörten Triggers.',
  },
  'Id of its subscription, as the list of subscriptions has it.': {
    nb: 'ID-en til abonnementet, slik listen over abonnementer har den.',
    de: 'ID seines Abonnements, wie in der Liste der Abonnements.',
  },
  'Id of its flow, if the address of the flow contains it.': {
    nb: 'ID-en til flyten, hvis adressen til flyten inneholder den.',
    de: 'ID seines Flows, falls die Adresse des Flows sie enthält.',
  },
  'Owner Id': {
    nb: 'Eier-ID',
    de: 'Besitzer-ID',
  },
  'Object id, in Microsoft Entra ID, of the person whose flow it is.': {
    nb: 'Objekt-ID-en i Microsoft Entra ID til personen som eier flyten.',
    de: 'Objekt-ID, in Microsoft Entra ID, der Person, der der Flow gehört.',
  },
};
