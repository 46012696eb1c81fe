/** One connector: its files read, and what the rules ask of them. */
import { Definition } from './definition-view.ts';
import { member, membersOf, type ObjectNode, objectOf, textOf } from './positioned-json.ts';
import { JsonSource, Source } from './source.ts';

/** A file as bytes. Of the name only the last part counts, without regard to case. */
export interface CheckedFile {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface ConnectionParameter {
  readonly name: string;
  readonly node: ObjectNode;
  readonly type: string | undefined;
}

/** Types of connection parameters, in exactly these capitals. */
export const parameterTypes = [
  'string',
  'securestring',
  'int',
  'bool',
  'oauthSetting',
  'gatewaySetting',
] as const;

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The files that the platform or certification reads; everything else in a folder is none of the checker's business. */
export const partNames = {
  definition: 'apidefinition.swagger.json',
  properties: 'apiproperties.json',
  settings: 'settings.json',
  icon: 'icon.png',
  script: 'script.csx',
  readme: 'readme.md',
  intro: 'intro.md',
} as const;

/** Names that other tools give a definition; in lower case. */
const isOtherDefinition = (name: string): boolean =>
  name.endsWith('_openapidefinition.json') ||
  (name.endsWith('.json') && (name.includes('swagger') || name.startsWith('apidefinition')));

export class Connector {
  /** Lower-case base names of all files. */
  readonly names: ReadonlySet<string>;
  readonly definitionSource: JsonSource | undefined;
  readonly propertiesSource: JsonSource | undefined;
  readonly settingsSource: JsonSource | undefined;
  readonly scriptSource: Source | undefined;
  readonly texts: readonly Source[];
  readonly icon: CheckedFile | undefined;
  readonly definition: Definition | undefined;
  /** The value of `properties` in apiProperties.json. */
  readonly properties: ObjectNode | undefined;
  readonly settings: ObjectNode | undefined;
  /** The union of connectionParameters and all parameter sets, by name as written. */
  readonly connectionParameters: ReadonlyMap<string, ConnectionParameter>;
  readonly policies: readonly ObjectNode[];

  constructor(files: readonly CheckedFile[]) {
    const byName = new Map(files.map((file) => [baseName(file.name).toLowerCase(), file]));
    const find = (name: string) => byName.get(name);
    const json = (file: CheckedFile | undefined) => file && new JsonSource(file.name, file.content);
    const text = (file: CheckedFile | undefined) => file && new Source(file.name, file.content);
    this.names = new Set(byName.keys());
    this.definitionSource = json(
      find(partNames.definition) ??
        files.find(({ name }) => isOtherDefinition(baseName(name).toLowerCase())) ??
        this.alone(files),
    );
    this.propertiesSource = json(find(partNames.properties));
    this.settingsSource = json(find(partNames.settings));
    this.scriptSource = text(
      find(partNames.script) ?? files.find(({ name }) => name.toLowerCase().endsWith('.csx')),
    );
    this.texts = [text(find(partNames.readme)), text(find(partNames.intro))].filter(
      (source) => source !== undefined,
    );
    this.icon = find(partNames.icon);
    const root = objectOf(this.definitionSource?.root);
    this.definition = root && new Definition(root);
    this.properties = objectOf(member(this.propertiesSource?.root, 'properties'));
    this.settings = objectOf(this.settingsSource?.root);
    this.connectionParameters = new Map(
      parameterGroups(this.properties).flatMap((group) =>
        [...group.members].flatMap(([name, node]) =>
          node.type === 'object' ? [[name, { name, node, type: textOf(member(node, 'type')) }] as const] : [],
        ),
      ),
    );
    const policies = member(this.properties, 'policyTemplateInstances');
    this.policies = policies?.type === 'array' ? policies.items.filter((item) => item.type === 'object') : [];
  }

  /** A single JSON file under any other name is meant as the definition. */
  private alone(files: readonly CheckedFile[]): CheckedFile | undefined {
    const [only] = files;
    if (only === undefined || files.length > 1) return undefined;
    const name = baseName(only.name).toLowerCase();
    return name.endsWith('.json') && name !== partNames.properties && name !== partNames.settings
      ? only
      : undefined;
  }
}

/** connectionParameters and the parameters of every set. */
export const parameterGroups = (properties: ObjectNode | undefined): readonly ObjectNode[] => {
  const sets = member(member(properties, 'connectionParameterSets'), 'values');
  return [
    member(properties, 'connectionParameters'),
    ...(sets?.type === 'array' ? sets.items.map((set) => member(set, 'parameters')) : []),
  ].flatMap((group) => objectOf(group) ?? []);
};

/** The security definitions, by name. */
export const securityOf = (definition: Definition | undefined): ReadonlyMap<string, ObjectNode> =>
  new Map(
    [...membersOf(member(definition?.root, 'securityDefinitions'))].flatMap(([name, node]) =>
      node.type === 'object' ? [[name, node] as const] : [],
    ),
  );
