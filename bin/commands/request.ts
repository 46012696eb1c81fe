/** The options that `build` and `package` share, and the request that they describe. */
import type { ConnectorFilesRequest } from '../../connector/emit/files.ts';
import { type Locale, locales } from '../../connector/texts/language.ts';
import { type CommandOption, type OptionValues, type Terminal, textOf, UsageError } from './command.ts';

export const sourceOptions: readonly CommandOption[] = [
  { flags: '--config <file>', description: 'Configuration (default: insights-connector.json)' },
  {
    flags: '--outputs <file>',
    description: 'Take the host and the ids from the file that cdk deploy --outputs-file wrote',
  },
  { flags: '--no-icon', description: 'Leave icon.png out' },
  {
    flags: '--certification',
    description: 'Build for a submission to certification (with stackOwner, which paconn cannot update)',
  },
  { flags: '--locale <locale>', description: 'Language of the texts: en, nb or de', default: 'en' },
];

const localeOf = (values: OptionValues): Locale => {
  const given = textOf(values, 'locale') ?? 'en';
  const locale = locales.find((known) => known === given.toLowerCase());
  if (locale === undefined)
    throw new UsageError(`Unknown locale "${given}". Locales: ${locales.join(', ')}.`);
  return locale;
};

/** @throws ConfigurationError; also when texts of the publisher are invented and it is for certification */
export const readRequest = async (
  values: OptionValues,
  terminal: Terminal,
): Promise<ConnectorFilesRequest> => {
  const { loadConfiguration } = await import('../../config/load.ts');
  const { readOutputs } = await import('../../connector/emit/outputs.ts');
  const { exampleFile } = await import('../../config/this-package.ts');
  const { inventedTexts, productInTitle } = await import('../../connector/emit/invented.ts');
  const { configuration, source, isExample } = loadConfiguration(textOf(values, 'config'));
  const outputsFile = textOf(values, 'outputs');
  const certification = values.certification === true;
  const invented = inventedTexts(configuration);
  if (certification && invented.length > 0) {
    const { ConfigurationError } = await import('../../config/check.ts');
    throw new ConfigurationError(
      source,
      invented.map((text) => `${text} is a placeholder; certification requires your own value.`),
    );
  }
  const product = certification ? productInTitle(configuration) : undefined;
  if (product !== undefined)
    terminal.complain(
      `The title "${configuration.connector.title}" contains "${product}", the name of a product. Certification asks for proof that you own the API of a product in the title. Set connector.title to a name of your own.`,
    );
  if (isExample && outputsFile === undefined)
    terminal.complain(
      'Built from the embedded example values: tenant, application ids and host are placeholders, so the connector cannot be imported.\n' +
        `For your own connector, copy ${exampleFile()} to insights-connector.json, enter your values, deploy with\n` +
        '`npx cdk deploy --outputs-file cdk-outputs.json`, and build with `--outputs cdk-outputs.json`.',
    );
  else if (invented.length > 0)
    terminal.complain(
      `Placeholders, because the configuration does not set them: ${invented.join(', ')}.\n` +
        'Makers see them with the connector. Set them in insights-connector.json (docs/configuration.md) before you import it.',
    );
  return {
    configuration,
    outputs: outputsFile === undefined ? undefined : readOutputs(outputsFile),
    icon: values.icon !== false,
    certification,
    locale: localeOf(values),
  };
};
