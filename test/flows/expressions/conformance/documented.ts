/** The examples of Microsoft's reference of functions, one by one. */
export const documented = `
# learn addDays
@addDays('2018-03-15T00:00:00Z', 10) => "2018-03-25T00:00:00.0000000Z"
@addDays('2018-03-15T00:00:00Z', -5) => "2018-03-10T00:00:00.0000000Z"
# learn addHours
@addHours('2018-03-15T00:00:00Z', 10) => "2018-03-15T10:00:00.0000000Z"
@addHours('2018-03-15T15:00:00Z', -5) => "2018-03-15T10:00:00.0000000Z"
# learn addMinutes
@addMinutes('2018-03-15T00:10:00Z', 10) => "2018-03-15T00:20:00.0000000Z"
@addMinutes('2018-03-15T00:20:00Z', -5) => "2018-03-15T00:15:00.0000000Z"
# learn addProperty
@addProperty(json('{ "firstName": "Sophia", "lastName": "Owen" }'), 'middleName', 'Anne') => {"firstName":"Sophia","lastName":"Owen","middleName":"Anne"}
# learn addSeconds
@addSeconds('2018-03-15T00:00:00Z', 10) => "2018-03-15T00:00:10.0000000Z"
@addSeconds('2018-03-15T00:00:30Z', -5) => "2018-03-15T00:00:25.0000000Z"
# learn addToTime
@addToTime('2018-01-01T00:00:00Z', 1, 'Day') => "2018-01-02T00:00:00.0000000Z"
@addToTime('2018-01-01T00:00:00Z', 1, 'Day', 'D') => "Tuesday, January 2, 2018"
# learn add
@add(1, 1.5) => 2.5
# learn and
@and(true, true) => true
@and(false, true) => false
@and(false, false) => false
@and(equals(1, 1), equals(2, 2)) => true
@and(equals(1, 1), equals(1, 2)) => false
@and(equals(1, 2), equals(1, 3)) => false
# learn array
@array('hello') => ["hello"]
# learn base64
@base64('hello') => "aGVsbG8="
# learn base64ToBinary
@base64ToBinary('aGVsbG8=')['$content'] => "aGVsbG8="
@base64ToBinary('aGVsbG8=')['$content-type'] => "application/octet-stream"
# learn base64ToString
@base64ToString('aGVsbG8=') => "hello"
# learn decodeBase64
@decodeBase64('aGVsbG8=') => "hello"
# learn binary
@binary('hello') => {"$content-type":"application/octet-stream","$content":"aGVsbG8="}
# learn body
@body('Get_user') => {"FullName":"Contoso"}
# learn bool
@bool(1) => true
@bool(0) => false
@bool(-1) => true
@bool('true') => true
@bool('false') => false
# learn chunk
@chunk('abcdefghijklmnopqrstuvwxyz', 10) => ["abcdefghij","klmnopqrst","uvwxyz"]
@chunk(createArray(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 5) => [[1,2,3,4,5],[6,7,8,9,10],[11,12]]
# learn coalesce
@coalesce(null, true, false) => true
@coalesce(null, 'hello', 'world') => "hello"
@coalesce(null, null, null) => null
# learn concat
@concat('Hello', 'World') => "HelloWorld"
@concat('Sophia', 'Owen') => "SophiaOwen"
# learn contains
@contains('hello world', 'world') => true
@contains('hello world', 'universe') => false
# learn convertFromUtc
@convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time') => "2018-01-01T00:00:00.0000000"
@convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time', 'D') => "Monday, January 1, 2018"
# learn convertTimeZone
@convertTimeZone('2018-01-01T08:00:00.0000000Z', 'UTC', 'Pacific Standard Time') => "2018-01-01T00:00:00.0000000"
@convertTimeZone('2018-01-01T08:00:00.0000000Z', 'UTC', 'Pacific Standard Time', 'D') => "Monday, January 1, 2018"
# learn convertToUtc
@convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time') => "2018-01-01T08:00:00.0000000Z"
@convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time', 'D') => "Monday, January 1, 2018"
# learn createArray
@createArray('h', 'e', 'l', 'l', 'o') => ["h","e","l","l","o"]
# learn dataUri
@dataUri('hello') => "data:text/plain;charset=utf-8;base64,aGVsbG8="
# learn dataUriToBinary
@dataUriToBinary('data:text/plain;charset=utf-8;base64,aGVsbG8=')['$content'] => "aGVsbG8="
# learn dataUriToString
@dataUriToString('data:text/plain;charset=utf-8;base64,aGVsbG8=') => "hello"
# learn dateDifference
@dateDifference('2015-02-08', '2018-07-30') => "1268.00:00:00"
# learn dayOfMonth
@dayOfMonth('2018-03-15T13:27:36Z') => 15
# learn dayOfWeek
@dayOfWeek('2018-03-15T13:27:36Z') => 4
# learn dayOfYear
@dayOfYear('2018-03-15T13:27:36Z') => 74
# learn decodeDataUri
@string(decodeDataUri('data:text/plain;charset=utf-8;base64,aGVsbG8=')) => "hello"
# learn decodeUriComponent
@decodeUriComponent('https%3A%2F%2Fcontoso.com') => "https://contoso.com"
# learn div
@div(10, 5) => 2
@div(11, 5) => 2
@div(11, 5.0) => 2.2
@div(11.0, 5) => 2.2
# learn encodeUriComponent
@encodeUriComponent('https://contoso.com') => "https%3A%2F%2Fcontoso.com"
# learn empty
@empty('') => true
@empty('abc') => false
# learn endsWith
@endsWith('hello world', 'world') => true
@endsWith('hello world', 'universe') => false
# learn equals
@equals('abc', 'abcd') => false
# learn first
@first('hello') => "h"
@first(createArray(0, 1, 2)) => 0
# learn float
@float('10,000.333') => 10000.333
@float('10.000,333', 'de-DE') => 10000.333
@float('12,3,4,5678') => 12345678.0
@float('1234567,8+') => 12345678.0
@float('12345,6,78,-') => -12345678.0
@float('-12,345,678,') => -12345678.0
@float('12345678.-') => -12345678.0
@float('.12345678') => 0.12345678
# learn formatDateTime
@formatDateTime('03/15/2018') => "2018-03-15T00:00:00.0000000"
@formatDateTime('03/15/2018 12:00:00', 'yyyy-MM-ddTHH:mm:ss') => "2018-03-15T12:00:00"
@formatDateTime('01/31/2016', 'dddd MMMM d') => "Sunday January 31"
@formatDateTime('01/31/2016', 'dddd MMMM d', 'fr-fr') => "dimanche janvier 31"
@formatDateTime('01/31/2016', 'dddd MMMM d', 'fr-FR') => "dimanche janvier 31"
@formatDateTime('01/31/2016', 'dddd MMMM d', 'es-es') => "domingo enero 31"
# learn formatNumber
@formatNumber(1234567890, '#,##0.00', 'en-US') => "1,234,567,890.00"
@formatNumber(1234567890, '#,##0.00', 'is-IS') => "1.234.567.890,00"
@formatNumber(17.35, 'C2') => "$17.35"
@replace(formatNumber(17.35, 'C2', 'is-IS'), decodeUriComponent('%C2%A0'), ' ') => "17,35 kr"
# learn getFutureTime
@getFutureTime(5, 'Day') => "2026-01-20T10:30:00.0000000Z"
@getFutureTime(5, 'Day', 'D') => "Tuesday, January 20, 2026"
# learn getPastTime
@getPastTime(5, 'Day') => "2026-01-10T10:30:00.0000000Z"
@getPastTime(5, 'Day', 'D') => "Saturday, January 10, 2026"
# learn greater
@greater(10, 5) => true
@greater('apple', 'banana') => false
# learn greaterOrEquals
@greaterOrEquals(5, 5) => true
@greaterOrEquals('apple', 'banana') => false
# learn guid
@guid() => "c2ecc88d-88c8-4096-912c-d6f2e2b138ce"
@guid('P') => "(c2ecc88d-88c8-4096-912c-d6f2e2b138ce)"
# learn if
@if(equals(1, 1), 'yes', 'no') => "yes"
# learn indexOf
@indexOf('hello world', 'world') => 6
# learn int
@int('10') => 10
# learn isFloat
@isFloat('10,000.00') => true
@isFloat('10.000,00', 'de-DE') => true
# learn isInt
@isInt('10') => true
# learn item
@item().body => "the item"
# learn items
@items('myForEachLoopName') => "looped"
# learn iterationIndexes
'Current index: ' @{iterationIndexes('Until_Max_Increment')} => "'Current index: ' 3"
# learn json
@json('[1, 2, 3]') => [1,2,3]
@json('{"fullName": "Sophia Owen"}') => {"fullName":"Sophia Owen"}
@json(xml('<?xml version="1.0"?> <root> <person id="1"> <name>Sophia Owen</name> <occupation>Engineer</occupation> </person> </root>')) => {"?xml":{"@version":"1.0"},"root":{"person":{"@id":"1","name":"Sophia Owen","occupation":"Engineer"}}}
@json(xml('<?xml version="1.0"?> <root> <person id="1"> <name>Sophia Owen</name> <occupation>Engineer</occupation> </person> <person id="2"> <name>John Doe</name> <occupation>Engineer</occupation> </person> </root>')) => {"?xml":{"@version":"1.0"},"root":{"person":[{"@id":"1","name":"Sophia Owen","occupation":"Engineer"},{"@id":"2","name":"John Doe","occupation":"Engineer"}]}}
# learn intersection
@intersection(createArray(1, 2, 3), createArray(101, 2, 1, 10), createArray(6, 8, 1, 2)) => [1,2]
# learn join
@join(createArray('a', 'b', 'c'), '.') => "a.b.c"
# learn last
@last('abcd') => "d"
@last(createArray(0, 1, 2, 3)) => 3
# learn lastIndexOf
@lastIndexOf('hello world hello world', 'world') => 18
@lastIndexOf('hello world hello world', '') => 22
@lastIndexOf('', 'world') => -1
@lastIndexOf('', '') => 0
# learn length
@length('abcd') => 4
@length(createArray(0, 1, 2, 3)) => 4
# learn less
@less(5, 10) => true
@less('banana', 'apple') => false
# learn lessOrEquals
@lessOrEquals(10, 10) => true
@lessOrEquals('apply', 'apple') => false
# learn listCallbackUrl
@listCallbackUrl() => "https://callback.example/run"
# learn max
@max(1, 2, 3) => 3
@max(createArray(1, 2, 3)) => 3
# learn min
@min(1, 2, 3) => 1
@min(createArray(1, 2, 3)) => 1
# learn mod
@mod(3, 2) => 1
@mod(-5, 2) => -1
@mod(4, -3) => 1
# learn mul
@mul(1, 2) => 2
@mul(1.5, 2) => 3.0
# learn not
@not(false) => true
@not(true) => false
@not(equals(1, 2)) => true
@not(equals(1, 1)) => false
# learn nthIndexOf
@nthIndexOf('123456789123465789', '1', 1) => 0
@nthIndexOf('123456789123465789', '1', 2) => 9
@nthIndexOf('123456789123465789', '12', 2) => 9
@nthIndexOf('123456789123465789', '6', 4) => -1
# learn or
@or(true, false) => true
@or(false, false) => false
@or(equals(1, 1), equals(1, 2)) => true
@or(equals(1, 2), equals(1, 3)) => false
# learn outputs
@outputs('Get_user') => {"statusCode":200,"body":{"FullName":"Contoso"}}
# learn parameters
@parameters('fullName') => "Sophia Owen"
# learn parseDateTime
@parseDateTime('20/10/2014', 'fr-fr') => "2014-10-20T00:00:00.0000000"
@parseDateTime('20 octobre 2010', 'fr-FR') => "2010-10-20T00:00:00.0000000"
@parseDateTime('martes 20 octubre 2020', 'es-es') => "2020-10-20T00:00:00.0000000"
@parseDateTime('21052019', 'fr-fr', 'ddMMyyyy') => "2019-05-21T00:00:00.0000000"
@parseDateTime('20190521', 'fr-fr', 'yyyyMMdd') => "2019-05-21T00:00:00.0000000"
@parseDateTime('10/20/2014 15h', 'en-US', 'MM/dd/yyyy HH\\h') => "2014-10-20T15:00:00.0000000"
# learn rand
@rand(1, 5) => 3
# learn range
@range(1, 4) => [1,2,3,4]
# learn removeProperty
@removeProperty(json('{ "firstName": "Sophia", "middleName": "Anne", "surName": "Owen" }'), 'middleName') => {"firstName":"Sophia","surName":"Owen"}
@removeProperty(json('{ "customerName": { "firstName": "Sophia", "middleName": "Anne", "surName": "Owen" } }')['customerName'], 'middleName') => {"firstName":"Sophia","surName":"Owen"}
# learn replace
@replace('the old string', 'old', 'new') => "the new string"
# learn reverse
@reverse(createArray(0, 1, 2, 3)) => [3,2,1,0]
# learn setProperty
@setProperty(json('{ "firstName": "Sophia", "surName": "Owen" }'), 'surName', 'Hartnett') => {"firstName":"Sophia","surName":"Hartnett"}
@setProperty(json('{ "customerName": { "firstName": "Sophia", "surName": "Owen" } }'), 'customerName', setProperty(json('{ "customerName": { "firstName": "Sophia", "surName": "Owen" } }')['customerName'], 'surName', 'Hartnett')) => {"customerName":{"firstName":"Sophia","surName":"Hartnett"}}
# learn skip
@skip(createArray(0, 1, 2, 3), 1) => [1,2,3]
# learn slice
@slice('Hello World', 2) => "llo World"
@slice('Hello World', 30) => ""
@slice('Hello World', 10, 2) => ""
@slice('Hello World', 0) => "Hello World"
@slice('Hello World', 2, 5) => "llo"
@slice('Hello World', 6, 20) => "World"
@slice('Hello World', -2) => "ld"
@slice('Hello World', 3, -1) => "lo Worl"
@slice('Hello World', 3, 3) => ""
# learn sort
@sort(createArray(2, 1, 0, 3)) => [0,1,2,3]
@sort(createArray(json('{ "first": "Amalie", "last": "Rose" }'), json('{ "first": "Elise", "last": "Renee" }')), 'last') => [{"first":"Elise","last":"Renee"},{"first":"Amalie","last":"Rose"}]
# learn split
@split('a_b_c', '_') => ["a","b","c"]
@split('a_b_c', ' ') => ["a_b_c"]
# learn startOfDay
@startOfDay('2018-03-15T13:30:30Z') => "2018-03-15T00:00:00.0000000Z"
# learn startOfHour
@startOfHour('2018-03-15T13:30:30Z') => "2018-03-15T13:00:00.0000000Z"
# learn startOfMonth
@startOfMonth('2018-03-15T13:30:30Z') => "2018-03-01T00:00:00.0000000Z"
@startOfMonth('2018-03-15T13:30:30Z', 'yyyy-MM-dd') => "2018-03-01"
# learn startsWith
@startsWith('hello world', 'hello') => true
@startsWith('hello world', 'greetings') => false
# learn string
@string(10) => "10"
@string(parameters('object')) => "{\\"name\\":\\"Sophie Owen\\"}"
# learn sub
@sub(10.3, .3) => 10.0
# learn substring
@substring('hello world', 6, 5) => "world"
# learn subtractFromTime
@subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day') => "2018-01-01T00:00:00.0000000Z"
@subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day', 'D') => "Monday, January 1, 2018"
# learn take
@take('abcde', 3) => "abc"
@take(createArray(0, 1, 2, 3, 4), 3) => [0,1,2]
# learn toLower
@toLower('Hello World') => "hello world"
# learn toUpper
@toUpper('Hello World') => "HELLO WORLD"
# learn triggerBody
@triggerBody().text => "abc"
# learn triggerOutputs
@triggerOutputs().headers => {"X-Id":"7"}
# learn trigger
@trigger().outputs.body.text => "abc"
# learn trim
@trim(' Hello World  ') => "Hello World"
# learn union
@union(createArray(1, 2, 3), createArray(1, 2, 10, 101)) => [1,2,3,10,101]
# learn uriComponent
@uriComponent('https://contoso.com') => "https%3A%2F%2Fcontoso.com"
# learn uriComponentToBinary
@uriComponentToBinary('https%3A%2F%2Fcontoso.com')['$content'] => "aHR0cHM6Ly9jb250b3NvLmNvbQ=="
# learn uriComponentToString
@uriComponentToString('https%3A%2F%2Fcontoso.com') => "https://contoso.com"
# learn uriHost
@uriHost('https://www.localhost.com:8080') => "www.localhost.com"
# learn uriPath
@uriPath('https://www.contoso.com/catalog/shownew.htm?date=today') => "/catalog/shownew.htm"
@uriPath('https://www.contoso.com') => "/"
# learn uriPathAndQuery
@uriPathAndQuery('https://www.contoso.com/catalog/shownew.htm?date=today') => "/catalog/shownew.htm?date=today"
# learn uriPort
@uriPort('https://www.localhost:8080') => 8080
@uriPort('https://www.localhost') => 443
# learn uriQuery
@uriQuery('https://www.contoso.com/catalog/shownew.htm?date=today') => "?date=today"
# learn uriScheme
@uriScheme('http://www.contoso.com/catalog/shownew.htm?date=today') => "http"
# learn utcNow
@utcNow() => "2026-01-15T10:30:00.0000000Z"
@utcNow('u') => "2026-01-15 10:30:00Z"
@utcNow('U') => "Thursday, January 15, 2026 10:30:00 AM"
@utcNow('d') => "1/15/2026"
@utcNow('D') => "Thursday, January 15, 2026"
@utcNow('t') => "10:30 AM"
@utcNow('T') => "10:30:00 AM"
@utcNow('y') => "January 2026"
@utcNow('yyyy') => "2026"
@utcNow('ddd, d MMM yyyy') => "Thu, 15 Jan 2026"
# learn variables
@variables('numItems') => 20
# learn workflow
@workflow().run.name => "run-1"
Open @{workflow()['tags']['flowDisplayName']} of @{workflow()['name']} => "Open My flow of flow"
# learn xml
@string(xml('<name>Sophia Owen</name>')) => "<name>Sophia Owen</name>"
@string(xml(json('{ "name": "Sophia Owen" }'))) => "<name>Sophia Owen</name>"
@string(xml(json('{"person": {"name": "Sophia Owen", "city": "Seattle"}}'))) => "<person><name>Sophia Owen</name><city>Seattle</city></person>"
@string(xml(json('{"root":{"array":[{ "ID": 1, "Name": "James" },{ "ID": 2, "Name": "John" },{ "ID": 3, "Name": "Sam" }]}}'))) => "<root><array><ID>1</ID><Name>James</Name></array><array><ID>2</ID><Name>John</Name></array><array><ID>3</ID><Name>Sam</Name></array></root>"
# learn xpath
@xpath(xml(parameters('items')), '/produce/item/name/text()') => ["Gala","Honeycrisp"]
@string(first(xpath(xml(parameters('items')), '/produce/item[1]/name'))) => "<name>Gala</name>"
@string(first(xpath(xml(parameters('items')), '/produce/item[last()]/name'))) => "<name>Honeycrisp</name>"
@xpath(xml(parameters('items')), 'sum(/produce/item/count)') => 30
@string(first(xpath(xml(parameters('file')), '/*[name()="file"]/*[name()="location"]'))) => "<location xmlns=\\"https://contoso.com\\">Paris</location>"
@string(first(xpath(xml(parameters('file')), '/*[local-name()="file" and namespace-uri()="https://contoso.com"]/*[local-name()="location"]'))) => "<location xmlns=\\"https://contoso.com\\">Paris</location>"
@xpath(xml(parameters('file')), 'string(/*[name()="file"]/*[name()="location"])') => "Paris"
`;
