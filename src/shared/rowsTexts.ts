/** Texts of a grid of rows, localised by the host. `{0}`, `{1}`, … are filled in by the page. */
export interface RowsTexts {
  // The grid itself
  label: string;
  rowNumbers: string;
  key: string;
  notNull: string;
  null: string;
  default: string;
  empty: string;
  loading: string;
  peek: string;
  openValue: string;

  // How many rows
  rows: string;
  about: string;
  atLeast: string;
  count: string;
  counting: string;

  // Tools
  tools: string;
  find: string;
  goTo: string;
  goToLabel: string;
  goToRange: string;
  goToUnknown: string;
  notARow: string;
  lastRow: string;
  export: string;
  exportTable: string;
  exportFound: string;
  stop: string;

  // Find
  findLabel: string;
  matchCase: string;
  wholeValue: string;
  regex: string;
  column: string;
  anyColumn: string;
  previous: string;
  next: string;
  onlyFound: string;
  closeFind: string;
  searching: string;
  noneFound: string;
  noneSoFar: string;
  found: string;
  foundSoFar: string;
  foundMost: string;
  foundAt: string;
  wrapped: string;

  // Menu of a selection
  menu: string;
  copy: string;
  copyWithHeaders: string;
  copyAs: string;
  copyName: string;
  restoreRows: string;
  openBeside: string;
  showHere: string;
  selectRow: string;
  selectColumn: string;
  findInColumn: string;
  fitColumn: string;
  copying: string;
  copied: string;
  copiedRows: string;
  copiedPart: string;

  // States
  reading: string;
  readingTo: string;
  counted: string;
  wentTo: string;
  noRows: string;
  damaged: string;
  retry: string;
  cancelled: string;
}
