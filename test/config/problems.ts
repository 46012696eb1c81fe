import { ConfigurationError, checkConfiguration } from '../../config/check.ts';

/** What is wrong with a configuration, a text each; nothing for a sound one. */
export const problemsOf = (values: unknown): readonly string[] => {
  try {
    checkConfiguration(values, 'insights-connector.json');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
};
