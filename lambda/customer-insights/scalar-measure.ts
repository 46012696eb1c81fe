import { isAnyOf } from './fields.ts';
import type { MeasureMetadata } from './models.ts';

/**
 * Whether a measure has one value for the whole instance: a business measure without a dimension, also one written in SQL.
 * @returns undefined where the source does not say
 */
export const isScalarMeasure = ({ definition }: MeasureMetadata): boolean | undefined => {
  if (definition === undefined) return undefined;
  const { kind, type, isScalar, isManualQueryScalar } = definition;
  if (isAnyOf(kind, 'attribute')) return false;
  if (isScalar === true || (isAnyOf(type, 'manual') && isManualQueryScalar === true)) return true;
  return isScalar === undefined && isManualQueryScalar === undefined ? undefined : false;
};
