/** The names of the certification validator that this checker cannot decide offline, with the reason. */
export const notDecidable: Readonly<Record<string, string>> = {
  FilterFunctionsPropertyInvalidValue: 'The list of values that filterFunctions takes is not published.',
  ProductionStatusOnBetaService:
    'Whether a service is a beta is known to Microsoft only; nothing in the files says it.',
  TotalSchemaCountExceedsMaxAllowed:
    'The limit is 256 × 16,384 = 4,194,304 schemas. A file of 1 MB, the most that is taken (DefinitionTooLarge), cannot contain as many.',
};
