import { isRecord } from '../../../lambda/runtime/json.ts';
import { customerAttributes } from '../data/customers.ts';
import { badRequest } from '../http/errors.ts';
import { ok } from '../http/reply.ts';
import { instanceRoutes, type Route } from '../http/route.ts';
import type { Instance } from '../world/instance.ts';
import type { IndexedAttribute } from '../world/search-index.ts';
import { audit } from './audit.ts';
import { objectBody, textField } from './body.ts';

const searchConfiguration = (instance: Instance) => {
  const { attributes, updatedAt, version, isSystemGenerated } = instance.searchIndex;
  return {
    isSystemGenerated,
    entityConfig: [
      {
        qualifiedEntityName: 'Customer',
        attributes: attributes.map(({ name, ...properties }) => ({ name, properties })),
      },
    ],
    ...audit(instance, instance.createdAt, updatedAt, version),
  };
};

const indexedAttributes = (body: unknown): readonly IndexedAttribute[] => {
  const given = objectBody(body).entityConfig;
  if (!Array.isArray(given)) throw badRequest('"entityConfig" must be a list');
  const customer: unknown = given.find(
    (entry) => isRecord(entry) && entry.qualifiedEntityName === 'Customer',
  );
  if (!isRecord(customer) || !Array.isArray(customer.attributes))
    throw badRequest('"entityConfig" must contain the attributes of Customer');
  return customer.attributes.map((entry: unknown) => {
    const attribute = objectBody(entry);
    const name = textField(attribute, 'name') ?? '';
    if (!customerAttributes.some((known) => known.name === name))
      throw badRequest(`Customer has no attribute "${name}"`);
    const properties = isRecord(attribute.properties) ? attribute.properties : {};
    const facetSpecification = textField(properties, 'facetSpecification');
    return {
      name,
      isSearchable: properties.isSearchable === true,
      isFilterable: properties.isFilterable === true,
      isFacetable: properties.isFacetable === true,
      isSortable: properties.isSortable === true,
      ...(facetSpecification === undefined ? {} : { facetSpecification }),
    };
  });
};

export const searchRoutes: readonly Route[] = [
  ...instanceRoutes(
    'GET manage/search',
    'Get-search-configuration',
    'read',
    '401 404A 500 503A',
    ({ instance }) => ok(searchConfiguration(instance)),
  ),
  ...instanceRoutes(
    'PUT manage/search',
    'Update-search-configuration',
    'settings',
    '400A 401 404A 500 503A',
    ({ instance, body, now }) => {
      instance.searchIndex = {
        isSystemGenerated: false,
        updatedAt: now,
        version: instance.searchIndex.version + 1,
        attributes: indexedAttributes(body),
      };
      return ok(searchConfiguration(instance));
    },
  ),
];
