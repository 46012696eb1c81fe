/** Which `Customer` fields the search and filter index holds. */
export interface SearchIndex {
  readonly isSystemGenerated: boolean;
  readonly updatedAt: number;
  readonly version: number;
  readonly attributes: readonly IndexedAttribute[];
}

export interface IndexedAttribute {
  readonly name: string;
  readonly isSearchable: boolean;
  readonly isFilterable: boolean;
  readonly isFacetable: boolean;
  readonly isSortable: boolean;
  readonly facetSpecification?: string;
}

const indexed = (name: string, searchable: boolean, filterable: boolean): IndexedAttribute => ({
  name,
  isSearchable: searchable,
  isFilterable: filterable,
  isFacetable: false,
  isSortable: true,
});

export const defaultSearchIndex = (updatedAt: number): SearchIndex => ({
  isSystemGenerated: false,
  updatedAt,
  version: 1,
  attributes: [
    indexed('FullName', true, true),
    indexed('FirstName', true, false),
    indexed('LastName', true, true),
    indexed('EMail', true, true),
    indexed('Telephone', true, false),
    { ...indexed('City', true, true), isFacetable: true, facetSpecification: 'count:10' },
    { ...indexed('Country', false, true), isFacetable: true, facetSpecification: 'count:10' },
    indexed('LoyaltyPoints', false, true),
  ],
});
