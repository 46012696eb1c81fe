/**
 * Keeps the focus on the page: when the element that has it is removed or disabled, the focus goes to the section around
 * it, where Tab goes on. Without this the next Tab begins at the top of the page.
 * @param content what changes, and takes the focus where nothing nearer is left
 * @returns ends it
 */
export const keepFocus = (content: HTMLElement): (() => void) => {
  /** The element that has the focus, and what is around it, innermost first. */
  let path: readonly HTMLElement[] = [];
  const entered = ({ target }: FocusEvent) => {
    const next: HTMLElement[] = [];
    for (let at = target as HTMLElement | null; at !== null; at = at.parentElement) next.push(at);
    path = next.includes(content) ? next : [];
  };
  // Who clicks beside all controls has left them; a click on a control enters it after this.
  const left = () => {
    path = [];
  };
  const observer = new MutationObserver(() => {
    const [element, ...around] = path;
    if (element === undefined || (element.isConnected && !element.matches(':disabled'))) return;
    // A browser that has not noticed yet still names the element itself.
    if (![document.body, element].includes(document.activeElement as HTMLElement)) return;
    const place = around.find((one) => one.isConnected && one.matches('section, form, main')) ?? content;
    place.tabIndex = -1;
    place.focus();
  });
  document.addEventListener('focusin', entered);
  document.addEventListener('pointerdown', left);
  observer.observe(content, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
  return () => {
    document.removeEventListener('focusin', entered);
    document.removeEventListener('pointerdown', left);
    observer.disconnect();
  };
};
