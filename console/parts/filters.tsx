import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useShared } from './context.ts';
import { type Pages, usePages } from './pages.tsx';

interface SearchFormProps<State extends string> {
  /** Told when the person has entered all words. */
  readonly onSearch: (text: string) => void;
  readonly state: State | '';
  /** Id and name of each state. */
  readonly states: Readonly<Record<State, string>>;
  readonly onState: (state: State | '') => void;
}

/** Words and a state by which a list is searched. */
const SearchForm = <State extends string>({ onSearch, state, states, onState }: SearchFormProps<State>) => {
  const { texts } = useShared();
  const words = texts.filters;
  const [search, setSearch] = useState('');
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(search.trim());
      }}
    >
      <label>
        {words.search}{' '}
        <input
          type="search"
          value={search}
          maxLength={200}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      <label>
        {words.state}{' '}
        <select value={state} onChange={({ currentTarget }) => onState(currentTarget.value as State | '')}>
          <option value="">{words.allStates}</option>
          {Object.entries<string>(states).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">{words.find}</button>
    </form>
  );
};

export interface ListSearch<State extends string> {
  /** Of the operation that lists. */
  readonly query: { readonly search?: string; readonly state?: State; readonly after?: string };
  /** Changes with the query. */
  readonly key: string;
  readonly pages: Pages;
  readonly form: ComponentChildren;
}

/** The search of a list that the server gives page by page. @param states id and name of each state */
export const useListSearch = <State extends string>(
  states: Readonly<Record<State, string>>,
): ListSearch<State> => {
  const [search, setSearch] = useState('');
  const [state, setState] = useState<State | ''>('');
  const pages = usePages();
  const query = {
    ...(search !== '' && { search }),
    ...(state !== '' && { state }),
    ...(pages.after !== undefined && { after: pages.after }),
  };
  const form = (
    <SearchForm
      onSearch={(text) => {
        pages.anew();
        setSearch(text);
      }}
      state={state}
      states={states}
      onState={(chosen) => {
        pages.anew();
        setState(chosen);
      }}
    />
  );
  return { query, key: JSON.stringify(query), pages, form };
};
