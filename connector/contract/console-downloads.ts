/** The files that are imported into Power Platform, made for this deployment. */
import { consolePrefix, ofConsole, readOfConsole } from './console-operation.ts';
import { noParameters, operation } from './operation.ts';
import { choice, list, nullable, record, text } from './schema.ts';

const name = text({
  summary: 'Name',
  description: 'Name of the file.',
  minLength: 1,
  maxLength: 100,
});

export const consoleListDownloads = operation({
  ...readOfConsole,
  operationId: 'ConsoleListDownloads',
  path: `${consolePrefix}/downloads`,
  summary: 'List the files to import',
  description:
    'Lists the files that are imported into Power Platform: the connector, solutions and ready flows.',
  response: {
    status: 200,
    description: 'The files',
    schema: record(
      {
        value: list(
          record(
            {
              name,
              kind: choice(
                { connector: 'Files of the connector', solution: 'Solution', flow: 'Ready flow' },
                { summary: 'Kind', description: 'What the file is.' },
              ),
              title: text({ summary: 'Title', description: 'Name of the flow, or what is in the file.' }),
              trigger: nullable(
                text({ summary: 'Trigger', description: 'Of a ready flow, the trigger that starts it.' }),
              ),
            },
            { definition: 'Download' },
          ),
          { summary: 'Files', description: 'In the order in which they are imported.' },
        ),
      },
      { definition: 'Downloads' },
    ),
  },
});

export const consoleGetDownload = operation({
  ...ofConsole,
  operationId: 'ConsoleGetDownload',
  method: 'GET',
  path: `${consolePrefix}/downloads/{name}`,
  summary: 'Get a file to import',
  description: 'Makes a file for this deployment, with the host at which the console was called.',
  pathParameters: record({ name }),
  queryParameters: noParameters,
  body: null,
  response: {
    status: 200,
    description: 'The file',
    schema: record(
      { name, content: text({ summary: 'Content', description: 'The zip, in base64.' }) },
      { definition: 'DownloadedFile' },
    ),
  },
  errors: { 404: 'No such file' },
  example: { path: { name: 'connector.zip' }, query: {}, body: null },
});
