/** As many as the policies of a template have. */
const expressions = new Map<string, RegExp>();

const expressionOf = (pattern: string): RegExp => {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  expressions.set(pattern, expression);
  return expression;
};

/** Whether a text fits a pattern of IAM: `*` is any run of characters, `?` is one. */
export const fits = (pattern: string, text: string): boolean => expressionOf(pattern).test(text);

/** The six parts of an ARN; the last may contain colons. */
const partsOf = (arn: string): readonly string[] => {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
};

/**
 * The same for ARNs, part by part: a wildcard does not reach across the first five colons.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const fitsArn = (pattern: string, arn: string): boolean => {
  if (pattern === '*') return true;
  const parts = partsOf(arn);
  return partsOf(pattern).every((part, index) => fits(part, parts[index] ?? ''));
};

/** Actions are compared without regard to case. */
export const fitsAction = (pattern: string, action: string): boolean =>
  fits(pattern.toLowerCase(), action.toLowerCase());
