#!/usr/bin/env node
// Lets `npx insights-connector` run the TypeScript sources of a clone.
import { register } from 'tsx/esm/api';

register();
await import('./insights-connector.ts');
