import { packageVersion } from '../../config/this-package.ts';

/** Version of the connector: that of the package. */
export const connectorVersion: string = packageVersion;
