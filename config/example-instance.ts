/**
 * The instance of the embedded example configuration, which the simulator serves. It is in its own file,
 * so that importing it checks nothing.
 */
export const exampleInstanceId = '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01';
