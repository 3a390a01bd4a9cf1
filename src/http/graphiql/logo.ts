/** Two systems that lead into one: an SVG in the color of the text around it, in light and dark mode. */
const drawing = `<g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"><circle cx="7" cy="8" r="4"/><circle cx="7" cy="24" r="4"/><path d="M11 8h3c4 0 4 8 8 8M11 24h3c4 0 4-8 8-8"/></g><circle cx="25" cy="16" r="5" fill="currentColor"/>`;

const svg = (attributes: string, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" ${attributes}>${content}</svg>`;

/** The logo, next to the name in GraphiQL's page. */
export const logo = svg('width="24" height="24" aria-hidden="true"', drawing);

const colors = '<style>:root{color:#1b4f8a}@media (prefers-color-scheme:dark){:root{color:#9cc7f5}}</style>';

/** The icon of GraphiQL's page, as the address of an image. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(svg('', colors + drawing))}`;
