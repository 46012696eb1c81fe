/**
 * The software bill of materials of the package, in CycloneDX: what npm installs with it, and what its
 * bundles contain.
 */
import { createHash } from 'node:crypto';

export interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** What `npm sbom --sbom-format cyclonedx` prints, as far as it is read here. */
export interface Bom {
  readonly serialNumber: string;
  readonly metadata: {
    readonly timestamp: string;
    readonly component: { readonly 'bom-ref': string; readonly name: string };
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const bundledProperty = { name: 'insights-connector:bundled', value: 'true' };

export interface PackageParts {
  readonly name: string;
  /** Names of the packages that npm installs with this one: dependencies, optional ones, peers. */
  readonly installed: readonly string[];
  /** Names of the packages that some code of the bundles is from. */
  readonly bundled: readonly string[];
  /** Of the release, ISO 8601. */
  readonly timestamp: string;
}

/**
 * The components of the package alone: npm lists those of the whole clone. The same bytes for the same lock
 * file and time: the serial number is made from the components and not drawn at random.
 */
export const packageBom = (clone: Bom, { name, installed, bundled, timestamp }: PackageParts): Bom => {
  const edges = new Map(clone.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const components = new Map(clone.components.map((component) => [component['bom-ref'], component]));
  const root = clone.metadata.component['bom-ref'];
  const direct = new Set(installed);
  const reached = new Set<string>();
  const reach = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    for (const next of edges.get(ref) ?? []) reach(next);
  };
  for (const ref of edges.get(root) ?? []) if (direct.has(components.get(ref)?.name ?? '')) reach(ref);
  const inBundle = new Set(bundled);
  const kept = clone.components
    .filter((component) => reached.has(component['bom-ref']) || inBundle.has(component.name))
    .map((component) => ({
      ...component,
      properties: [
        ...(component.properties ?? []).filter((property) => property.name !== 'cdx:npm:package:development'),
        ...(inBundle.has(component.name) ? [bundledProperty] : []),
      ],
    }));
  const refs = new Set([root, ...kept.map((component) => component['bom-ref'])]);
  const dependencies = clone.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  const digest = createHash('sha256')
    .update(JSON.stringify([root, kept]))
    .digest('hex');
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return {
    ...clone,
    serialNumber: `urn:uuid:${uuid}`,
    metadata: { ...clone.metadata, timestamp, component: { ...clone.metadata.component, name } },
    components: kept,
    dependencies,
  };
};
