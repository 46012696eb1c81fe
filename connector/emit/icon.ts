/** icon.png, drawn from connector/icon.svg. */
import { readFileSync } from 'node:fs';

/** Edge of the square, pixels. */
export const iconSize = 230;

export interface Icon {
  readonly png: Uint8Array;
  /** Four bytes per pixel: red, green, blue, alpha. */
  readonly pixels: Uint8Array;
}

/** Draws the icon. The renderer is loaded only here: it is a native module and most commands need none. */
export const drawIcon = async (): Promise<Icon> => {
  const { Resvg } = await import('@resvg/resvg-js');
  const svg = readFileSync(new URL('../icon.svg', import.meta.url), 'utf8');
  const image = new Resvg(svg, {
    fitTo: { mode: 'width', value: iconSize },
    font: { loadSystemFonts: false },
  }).render();
  return { png: image.asPng(), pixels: image.pixels };
};
