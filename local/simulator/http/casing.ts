/** Fields of the management models (3.7) whose values are enums. */
const enumFields: ReadonlySet<string> = new Set([
  'bucket',
  'dataflowType',
  'entityType',
  'exceptionCulprit',
  'instanceType',
  'jobStatus',
  'jobSubmissionKind',
  'jobType',
  'kind',
  'operation',
  'operationType',
  'principalType',
  'provisioningState',
  'refreshState',
  'relationshipType',
  'resultSeverity',
  'state',
  'subType',
  'taskStatus',
  'type',
]);

const enumValue = /^[a-z][A-Za-z0-9]*$/;

/** The same answer with its enum values in PascalCase. */
export const pascalCaseEnums = (value: unknown, field = ''): unknown => {
  if (typeof value === 'string') {
    const isEnum = enumFields.has(field) && enumValue.test(value);
    return isEnum ? value.charAt(0).toUpperCase() + value.slice(1) : value;
  }
  if (Array.isArray(value)) return value.map((item) => pascalCaseEnums(item, field));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, pascalCaseEnums(item, name)]),
    );
  return value;
};
