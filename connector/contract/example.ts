/** Values for the examples of operations. */
export { exampleInstanceId } from '../../config/example-instance.ts';

/** A callback URL as the platform makes them; the signature is invented. */
export const exampleCallbackUrl =
  'https://prod-01.westeurope.logic.azure.com/workflows/0a1b2c3d4e5f60718293a4b5c6d7e8f9/triggers/example/versions/08585/run?api-version=2016-06-01&sp=%2Ftriggers%2Fexample%2Frun&sv=1.0&sig=invented';

/** A customer of that instance: the first one, whatever the number of customers. */
export const exampleCustomerId = '00000000feae1f6a74f64168f70f9ab5';
