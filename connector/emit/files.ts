/** All files of the connector, in memory. */
import { ConfigurationError } from '../../config/check.ts';
import type { Configuration } from '../../config/schema.ts';
import { operations } from '../contract/index.ts';
import type { Locale } from '../texts/language.ts';
import { emitApiProperties } from './api-properties.ts';
import { introText, readmeText } from './certification.ts';
import { ConnectorFormatError } from './format-error.ts';
import { readIcon } from './icon.ts';
import { connectorJson } from './json.ts';
import { inLanguage } from './localise.ts';
import { type DeploymentOutputs, withOutputs } from './outputs.ts';
import { emitSettings, fileNames, type KeptSettings } from './settings.ts';
import { emitSwagger } from './swagger.ts';

export interface ConnectorFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Bytes; the service refuses more (https://learn.microsoft.com/connectors/custom-connectors/faq). */
export const maximumDefinitionBytes = 1_000_000;

/** Characters of the minified definition that a solution in Dataverse holds. */
export const maximumDefinitionCharacters = 500_000;

export interface ConnectorFilesRequest {
  readonly configuration: Configuration;
  /** Of the deployment that the connector is to call; absent: host and ids of the configuration. */
  readonly outputs?: DeploymentOutputs | undefined;
  /** Whether the icon is among them; true by default. */
  readonly icon?: boolean;
  /** Whether the files are for a submission to certification; `stackOwner` is written then. */
  readonly certification?: boolean;
  /** English by default; certification takes English only. */
  readonly locale?: Locale;
  /** What settings.json continues to say of a connector that exists. */
  readonly settings?: KeptSettings;
}

/** @throws ConfigurationError for another language than English in a submission to certification */
export const checkLocale = ({
  certification,
  locale,
}: {
  readonly certification: boolean;
  readonly locale: Locale;
}): void => {
  if (certification && locale !== 'en')
    throw new ConfigurationError('the request', [
      `--locale ${locale} and --certification exclude each other: certification takes English texts only.`,
    ]);
};

/**
 * The files, always in the same order and, for the same input, with the same bytes.
 * @throws ConfigurationError when a value is missing that the files need
 * @throws MissingText when the language lacks a text
 * @throws ConnectorFormatError when the contract holds what the format cannot
 */
export const connectorFiles = async ({
  configuration,
  outputs,
  icon = true,
  certification = false,
  locale = 'en',
  settings = {},
}: ConnectorFilesRequest): Promise<readonly ConnectorFile[]> => {
  const deployed = withOutputs(configuration, outputs);
  checkLocale({ certification, locale });
  const definition = inLanguage(emitSwagger(operations, deployed), locale);
  const characters = JSON.stringify(definition).length;
  const encoder = new TextEncoder();
  const text = (name: string, content: string): ConnectorFile => ({ name, content: encoder.encode(content) });
  const definitionFile = text(fileNames.definition, connectorJson(definition));
  if (definitionFile.content.length > maximumDefinitionBytes || characters > maximumDefinitionCharacters)
    throw new ConnectorFormatError(
      'The definition',
      fileNames.definition,
      `it has ${definitionFile.content.length} bytes and ${characters} characters minified; the platform takes ${maximumDefinitionBytes} and ${maximumDefinitionCharacters}. Shorten texts or share schemas.`,
    );
  return [
    definitionFile,
    text(fileNames.properties, connectorJson(emitApiProperties(operations, deployed, { certification }))),
    text(fileNames.settings, connectorJson(emitSettings(icon, settings))),
    text(fileNames.intro, introText(operations, deployed)),
    text(fileNames.readme, readmeText(operations, deployed)),
    ...(icon ? [{ name: fileNames.icon, content: readIcon() }] : []),
  ];
};
