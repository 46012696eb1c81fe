/** One build per language: the same connector with other texts, none of them missing and none left over. */
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { compareConnectors } from '../../connector/diff/compare-connectors.ts';
import { connectorFiles } from '../../connector/emit/files.ts';
import { translated } from '../../connector/emit/localise.ts';
import { loadConnector } from '../../connector/emit/read.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import { connectorTexts } from '../../connector/texts/connector-texts.ts';
import { english, type Language, languageOf, locales, MissingText } from '../../connector/texts/language.ts';
import { definitionFor, inLanguage } from '../../flows/definitions/authoring.ts';
import { flowTexts } from '../../flows/definitions/flow-texts.ts';
import { flowSources } from '../../flows/definitions/index.ts';
import { call, statusWord } from '../../flows/definitions/tokens.ts';
import { compileText } from '../../flows/expressions/compile.ts';
import { bareContext } from '../../flows/expressions/context.ts';
import { unzipped } from '../../flows/packages/archive.ts';
import { buildPackages, formats } from '../../flows/packages/build.ts';
import { hostVariable } from '../../flows/packages/package-names.ts';
import { packageTexts } from '../../flows/packages/package-texts.ts';
import { connectorSources, packageLanguage } from '../../flows/packages/sources.ts';
import { solutionTarget } from '../../flows/packages/targets.ts';
import { operationsIn } from './walk.ts';

const others = locales.filter((locale) => locale !== 'en');
const definition = emitSwagger(operations, exampleConfiguration);

const connectorIn = async (locale: (typeof locales)[number]) =>
  loadConnector(
    new Map(
      (await connectorFiles({ configuration: exampleConfiguration, locale })).map(({ name, content }) => [
        name,
        content,
      ]),
    ),
  );

/** Keeps what it is asked for. */
const recording = () => {
  const asked = new Set<string>();
  const language: Language = {
    ...english,
    text: (text) => {
      asked.add(text);
      return text;
    },
  };
  return { asked, language };
};

const catalogues = { 'the connector': connectorTexts, 'the flows': flowTexts, 'the packages': packageTexts };

describe('the texts of the connector', () => {
  it.each(others)('in %s are a connector with the same operations, inputs and outputs', async (locale) => {
    const { changes } = compareConnectors(await connectorIn('en'), await connectorIn(locale));
    expect(changes.length).toBeGreaterThan(0);
    // The comparison takes another description of a header for another header.
    const unexpected = changes.filter(({ class: of, rule }) => of !== 'cosmetic' && rule !== 'headers');
    expect(unexpected).toEqual([]);
  });

  it.each(others)('in %s fit where the platform shows them', async (locale) => {
    for (const { operation } of operationsIn(translated(definition, languageOf(locale, connectorTexts)))) {
      expect(operation.summary.length).toBeLessThanOrEqual(80);
      expect(operation.summary).not.toBe(operation.description);
    }
  });

  it('are all there', () => {
    const { asked, language } = recording();
    translated(definition, language);
    expect([...asked].filter((text) => !Object.hasOwn(connectorTexts, text))).toEqual([]);
  });

  it('has no entry that the definition does not contain', () => {
    const { asked, language } = recording();
    translated(definition, language);
    expect(Object.keys(connectorTexts).filter((text) => !asked.has(text))).toEqual([]);
  });

  it('cannot be built for certification in another language', async () => {
    const request = { configuration: exampleConfiguration, certification: true, locale: 'nb' } as const;
    await expect(connectorFiles(request)).rejects.toThrow(/--locale nb and --certification/);
  });
});

describe('the texts of the flows', () => {
  it.each(others)('in %s make the same actions', (locale) => {
    const language = languageOf(locale, flowTexts);
    for (const source of flowSources) {
      const other = inLanguage(source, language);
      const names = (of: typeof source) =>
        Object.keys(definitionFor(of, solutionTarget({})).actions as Record<string, unknown>);
      expect(names(other)).toEqual(names(source));
      expect(other.id).toBe(source.id);
      expect(other.settings.map(({ key }) => key)).toEqual(source.settings.map(({ key }) => key));
      expect(other.name).not.toBe(source.name);
    }
  });

  it('are all there', () => {
    const { asked, language } = recording();
    for (const source of flowSources) definitionFor(inLanguage(source, language), solutionTarget({}));
    expect([...asked].filter((text) => !Object.hasOwn(flowTexts, text))).toEqual([]);
  });

  it('has no entry that no flow contains', () => {
    const { asked, language } = recording();
    for (const source of flowSources) definitionFor(inLanguage(source, language), solutionTarget({}));
    expect(Object.keys(flowTexts).filter((text) => !asked.has(text))).toEqual([]);
  });
});

describe('the texts of the packages', async () => {
  const connector = await connectorSources(exampleConfiguration, {
    icon: false,
    certification: false,
    locale: 'en',
  });
  const packagesIn = (language: Language) =>
    formats.flatMap((format) =>
      [true, false].flatMap((single) =>
        buildPackages(
          {
            connector,
            flows: flowSources,
            ids: { connectorInternalId: 'shared_x-5f0123456789abcdef' },
            version: '1.0.0.0',
            language,
          },
          { format, single, style: 'A', rootEnvironmentVariables: false },
        ),
      ),
    );

  it('are all there, and none is left over', () => {
    const { asked, language } = recording();
    // Languages other than English have a hint more.
    packagesIn({ ...language, locale: 'nb' });
    expect([...asked].sort()).toEqual(Object.keys(packageTexts).sort());
  });

  it.each(others)('make the same packages in %s, with steps in that language', (locale) => {
    const names = (language: Language) => packagesIn(language).map(({ name }) => name);
    expect(names(packageLanguage(locale))).toEqual(names(packageLanguage('en')));
    const installs = packagesIn(packageLanguage(locale)).filter(({ name }) => name === 'INSTALL.md');
    expect(installs.length).toBeGreaterThanOrEqual(3);
    for (const { content } of installs) {
      const text = new TextDecoder().decode(content);
      expect(text).not.toMatch(/\{\d\}/);
      for (const english of Object.keys(packageTexts).filter((one) => one.length > 40 && !one.includes('{')))
        expect(text).not.toContain(english);
    }
  });

  it.each(others)('name the variable of the host in %s', (locale) => {
    const solution = packagesIn(packageLanguage(locale)).find(
      ({ name }) => name === 'CustomerInsightsConnector.zip',
    );
    const files = unzipped(new Uint8Array(solution?.content as Uint8Array));
    const texts = [...files.values()].map((content) => new TextDecoder().decode(content)).join();
    const wanted = packageTexts[hostVariable.displayName]?.[locale] ?? '-';
    expect(texts).toContain(wanted);
    expect(texts).not.toContain(hostVariable.displayName);
  });
});

describe('a status in a message', () => {
  const shown = (locale: (typeof locales)[number], status: string) => {
    const token = statusWord(call('string', status)).render({
      language: languageOf(locale, flowTexts),
      setting: () => ({ as: 'value', value: '' }),
    });
    if (token.as !== 'expression') throw new Error('A status is an expression.');
    return compileText(`@${token.code}`)(bareContext({}));
  };
  it('is in the language of the flow; an unknown one stays', () => {
    expect(shown('en', 'timedOut')).toBe('timedOut');
    expect(shown('nb', 'timedOut')).toBe('tidsavbrutt');
    expect(shown('de', 'successful')).toBe('erfolgreich');
    expect(shown('de', 'somethingNew')).toBe('somethingNew');
  });
});

describe.each(Object.entries(catalogues))('the catalogue of %s', (_, catalogue) => {
  it('has every value of a message in every language, once', () => {
    const valuesOf = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([value]) => value).sort();
    for (const [text, translations] of Object.entries(catalogue))
      for (const locale of others) expect(valuesOf(translations[locale])).toEqual(valuesOf(text));
  });

  it('keeps markup, ids in quotes and words of the API as they are', () => {
    const kept = (text: string) =>
      [...text.matchAll(/<\/?\w+>|\b[A-Za-z]+Id\b|\b(?:UnifiedActivity|Retry-After|HTTP|JSON|OData|UTC)\b/g)]
        .map(([word]) => word)
        .sort();
    for (const [text, translations] of Object.entries(catalogue))
      for (const locale of others) expect([text, kept(translations[locale])]).toEqual([text, kept(text)]);
  });
});

describe('a text without a translation', () => {
  it('fails the build and says which', () => {
    expect(() => languageOf('nb', {}).text('Segment')).toThrow(MissingText);
    expect(() => languageOf('nb', {}).text('Segment')).toThrow(/"Segment" has no text in "nb"/);
    expect(() => languageOf('de', { Segment: { nb: 'Segment', de: ' ' } }).text('Segment')).toThrow(
      MissingText,
    );
    // Not one that every object has.
    expect(() => languageOf('nb', {}).text('constructor')).toThrow(MissingText);
    expect(languageOf('en', {}).text('Segment')).toBe('Segment');
  });

  it('of a flow fails its definition', () => {
    const [source] = flowSources;
    if (source === undefined) throw new Error('There are no flows.');
    const names = {
      [source.name]: flowTexts[source.name],
      [source.description]: flowTexts[source.description],
    };
    expect(() => inLanguage(source, languageOf('nb', names as typeof flowTexts))).toThrow(MissingText);
    const { settings: _, ...rest } = source;
    const unset = inLanguage({ ...rest, settings: [] }, languageOf('nb', names as typeof flowTexts));
    expect(() => definitionFor(unset, solutionTarget({}))).toThrow(MissingText);
  });
});
