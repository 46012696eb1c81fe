#!/usr/bin/env node
// The package holds compiled code; a clone runs its TypeScript sources.
import { existsSync } from 'node:fs';

const source = new URL('./insights-connector.ts', import.meta.url);
if (!existsSync(source)) await import('../dist/compiled/bin/insights-connector.js');
else {
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    // A clone without development dependencies: Node.js from 22.18 on reads TypeScript itself.
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !process.features.typescript) throw error;
  }
  await import(source.href);
}
