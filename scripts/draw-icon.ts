/** connector/icon.png, drawn from connector/icon.svg. */
import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { iconSize } from '../connector/emit/icon.ts';

export interface DrawnIcon {
  readonly png: Uint8Array;
  /** Four bytes per pixel: red, green, blue, alpha. */
  readonly pixels: Uint8Array;
}

export const drawIcon = (): DrawnIcon => {
  const svg = readFileSync(new URL('../connector/icon.svg', import.meta.url), 'utf8');
  const image = new Resvg(svg, {
    fitTo: { mode: 'width', value: iconSize },
    font: { loadSystemFonts: false },
  }).render();
  return { png: image.asPng(), pixels: image.pixels };
};
