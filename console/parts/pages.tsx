import { useState } from 'preact/hooks';
import { useShared } from './context.ts';
import { type Live, Loaded } from './live.tsx';
import { Table, type TableProps } from './table.tsx';

export interface Pages {
  /** Where the page that is shown begins; undefined at the first. */
  readonly after: string | undefined;
  /** Shows the first page again. */
  readonly anew: () => void;
  readonly back: (() => void) | undefined;
  readonly forward: (next: string) => void;
}

/** The pages of a list that the server gives page by page. */
export const usePages = (): Pages => {
  /** Where each page begins, up to the one that is shown. */
  const [begins, setBegins] = useState<readonly string[]>([]);
  return {
    after: begins.at(-1),
    anew: () => setBegins([]),
    back: begins.length === 0 ? undefined : () => setBegins(begins.slice(0, -1)),
    forward: (next) => setBegins([...begins, next]),
  };
};

/** Nothing where there is one page. */
export const Pager = ({ pages, next }: { readonly pages: Pages; readonly next: string | null }) => {
  const { texts } = useShared();
  if (pages.back === undefined && next === null) return null;
  return (
    <p class="pager">
      <button type="button" disabled={pages.back === undefined} onClick={pages.back}>
        {texts.previousPage}
      </button>{' '}
      <button type="button" disabled={next === null} onClick={() => next !== null && pages.forward(next)}>
        {texts.nextPage}
      </button>
    </p>
  );
};

export interface PagedTableProps<Row> extends Omit<TableProps<Row>, 'rows'> {
  readonly live: Live<{ readonly value: readonly Row[]; readonly next: string | null }>;
  readonly pages: Pages;
  /** What is said where there are no rows on any page. */
  readonly none: string;
}

/** A page of a list, as it is now. */
export const PagedTable = <Row,>({ live, pages, none, ...table }: PagedTableProps<Row>) => {
  const { texts } = useShared();
  return (
    <Loaded live={live}>
      {({ value, next }) => (
        <>
          {value.length === 0 ? (
            <p>{next === null ? none : texts.noneOnPage}</p>
          ) : (
            <Table {...table} rows={value} />
          )}
          <Pager pages={pages} next={next} />
        </>
      )}
    </Loaded>
  );
};
