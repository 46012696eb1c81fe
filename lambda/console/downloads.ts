/** The files to import, made by a bundle that is loaded when a user asks for one. */
import type { FunctionSettings } from '../../config/schema.ts';
import type { Implementation } from '../http/implementations.ts';
import { ConnectorError } from '../runtime/errors.ts';

export interface DownloadPorts {
  readonly settings: FunctionSettings;
  /** Loads the bundle. */
  readonly downloads: () => Promise<typeof import('../../flows/packages/downloads.ts')>;
}

export const listDownloads =
  ({ downloads }: DownloadPorts): Implementation<'ConsoleListDownloads'> =>
  async () => ({ body: { value: (await downloads()).downloads } });

export const getDownload =
  ({ settings, downloads }: DownloadPorts): Implementation<'ConsoleGetDownload'> =>
  async ({ path: { name } }, { requestHost }) => {
    const content = await (await downloads()).makeDownload(settings, requestHost, name);
    if (content === undefined)
      throw new ConnectorError(
        'DownloadUnknown',
        `There is no file ${JSON.stringify(name)} to import. Choose one from the list.`,
      );
    return { body: { name, content: Buffer.from(content).toString('base64') } };
  };
