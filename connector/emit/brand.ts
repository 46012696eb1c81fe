/** Background of the icon and brand colour of the connector; the platform refuses #ffffff and #007ee5. */
export const brandColour = '#3d3a8c';
