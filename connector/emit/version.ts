import { packageVersion } from '../../config/package.ts';

/** Version of the connector: that of the package. */
export const connectorVersion: string = packageVersion;
