#!/usr/bin/env node
// The package holds compiled code; a clone runs its TypeScript sources.
import { existsSync } from 'node:fs';

const source = new URL('./insights-connector.ts', import.meta.url);
if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import('../dist/compiled/bin/insights-connector.js');
}
