/** What packages are made of: the connector's files and the flows. */
import type { Configuration } from '../../config/schema.ts';
import { operations } from '../../connector/contract/index.ts';
import { type ApiProperties, emitApiProperties } from '../../connector/emit/api-properties.ts';
import { introText } from '../../connector/emit/certification.ts';
import type { ConnectorDefinition } from '../../connector/emit/definition.ts';
import { checkLocale } from '../../connector/emit/files.ts';
import { readIcon } from '../../connector/emit/icon.ts';
import { inLanguage } from '../../connector/emit/localise.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import { connectorVersion } from '../../connector/emit/version.ts';
import { type Language, type Locale, languageOf } from '../../connector/texts/language.ts';
import type { FlowSource } from '../definitions/authoring.ts';
import type { EnvironmentIds } from './environment-ids.ts';
import { packageTexts } from './package-texts.ts';

export interface ConnectorSources {
  readonly title: string;
  readonly publisher: string;
  readonly description: string;
  readonly definition: ConnectorDefinition;
  readonly properties: ApiProperties['properties'];
  /** PNG; absent where no icon is wanted. */
  readonly icon: Uint8Array | undefined;
  readonly intro: string;
}

export interface PackageSources {
  readonly connector: ConnectorSources;
  readonly flows: readonly FlowSource[];
  readonly ids: EnvironmentIds;
  /** Four numbers. */
  readonly version: string;
  /** Of the texts beside those of the connector and the flows; has {@link packageTexts}. */
  readonly language: Language;
}

interface SourceOptions {
  readonly icon: boolean;
  readonly certification: boolean;
  readonly locale: Locale;
}

/** @throws ConfigurationError when the host is not known */
export const connectorSources = async (
  configuration: Configuration,
  options: SourceOptions,
): Promise<ConnectorSources> => {
  checkLocale(options);
  const definition = inLanguage(emitSwagger(operations, configuration), options.locale);
  return {
    title: configuration.connector.title,
    publisher: configuration.connector.publisher,
    description: definition.info.description,
    definition,
    properties: emitApiProperties(operations, configuration, { certification: options.certification })
      .properties,
    icon: options.icon ? readIcon() : undefined,
    intro: introText(operations, configuration),
  };
};

/** A solution's version has four numbers, a package's three. */
export const solutionVersion = `${connectorVersion.replace(/[^\d.].*$/, '')}.0`;

export const packageLanguage = (locale: Locale): Language => languageOf(locale, packageTexts);

/** @throws ConfigurationError when the host is not known */
export const packageSources = async (
  configuration: Configuration,
  options: SourceOptions,
  flows: readonly FlowSource[],
  ids: EnvironmentIds = {},
): Promise<PackageSources> => ({
  connector: await connectorSources(configuration, options),
  flows,
  ids,
  version: solutionVersion,
  language: packageLanguage(options.locale),
});
