/** What lists and reports tell of who answers for an object, and where its page is. */
import { type LinkedObject, linkTo } from '../triggers/links.ts';
import type { Ownership } from '../triggers/observation.ts';
import type { InstanceContext } from './on-instance.ts';
import type { InstancePorts } from './ports.ts';

export interface ListedOwnership {
  readonly ownerEmail: string | null;
  readonly lastEditor: string | null;
  /** Of the object, or of its instance. */
  readonly link: string;
}

export type ListOwnership = (owned: Ownership, linked?: LinkedObject) => ListedOwnership;

/** For the objects of one instance. */
export const ownershipLister =
  (
    { instance }: Pick<InstanceContext, 'instance'>,
    { settings }: Pick<InstancePorts, 'settings'>,
  ): ListOwnership =>
  ({ ownerEmail = null, lastEditor = null }, linked) => ({
    ownerEmail,
    lastEditor,
    link: linkTo(settings.customerInsights.linkBase, instance.id, linked),
  });
