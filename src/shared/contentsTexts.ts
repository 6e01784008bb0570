import type { RowsTexts } from './rowsTexts';

/** Every text of the contents page, localised by the host. `{0}` and `{1}` are filled in by the page. */
export interface ContentsTexts {
  /** Headings of groups by pg_dump's words: `TABLE` → `Tables`. A kind without one is shown as it is. */
  kinds: Record<string, string>;
  grid: RowsTexts;

  // Page
  loading: string;
  details: string;
  warnings: string;
  actions: string;
  dismiss: string;
  resize: string;
  copy: string;
  copied: string;
  back: string;
  forward: string;
  again: string;

  // Contents tree
  contents: string;
  wholeDatabase: string;
  noDatabase: string;
  emptyDump: string;
  noMatches: string;
  clearFilter: string;
  collapseAll: string;
  restoreOrder: string;
  sortBySize: string;
  entriesShown: string;
  entriesOf: string;
  entriesSoFar: string;
  rowCount: string;
  unknownSize: string;
  treeHelp: string;
  isNeeded: string;

  // Filter
  filterPlaceholder: string;
  filterLabel: string;
  inDefinitions: string;
  searching: string;
  kindsMenu: string;
  schemasMenu: string;
  ownersMenu: string;
  chooseAll: string;
  noSchema: string;
  noOwner: string;

  // Ticks
  ticked: string;
  tickedSize: string;
  needsMore: string;
  needsNothing: string;
  needsMissing: string;
  tickNeeded: string;
  restoreTicked: string;
  showTicked: string;
  clearTicks: string;

  // Overview
  overview: string;
  room: string;
  roomHint: string;
  roomStored: string;
  byTable: string;
  bySchemaBars: string;
  table: string;
  schema: string;
  size: string;
  share: string;
  rows: string;
  others: string;
  showMore: string;
  showFewer: string;
  largeObjects: string;
  unlocated: string;
  findSizes: string;
  noData: string;
  /** Of a damaged dump. */
  noDataFound: string;
  /** `{0}` tables. */
  dataLost: string;
  whatIsInIt: string;

  // An entry
  tabRows: string;
  tabDefinition: string;
  tabDependencies: string;
  tabLargeObjects: string;
  definition: string;
  noDefinition: string;
  notSql: string;
  cutDefinition: string;
  openWhole: string;
  openDefinition: string;
  openRows: string;
  dropStatement: string;
  copyStatement: string;
  factKind: string;
  factOwner: string;
  factTablespace: string;
  factAccessMethod: string;
  factSection: string;
  factId: string;
  needs: string;
  neededBy: string;
  needsNone: string;
  neededByNone: string;
  missingIds: string;

  // Large objects
  noLargeObjects: string;
  largeObject: string;
  largeObjectsSoFar: string;
  save: string;
  noPreview: string;
  previewCut: string;
}
