/** The id in samples; fixed, so that it is recognised as invented. */
export const sampleId = '00000000-0000-4000-8000-000000000000';
