import type { Portfolio } from '../scollect/tables.ts';

/** The documented portfolios; there are no others. */
export const portfolios = [
  { client: 'C2C', dateplaced: 'Thu, 01 Dec 2022 00:00:00 GMT', id: 707, portfolio: 'C2CLA 12.1.22' },
  { client: 'C2C', dateplaced: 'Thu, 01 Dec 2022 00:00:00 GMT', id: 708, portfolio: 'C2C PDL TEST' },
  {
    client: 'C2C',
    dateplaced: 'Thu, 08 Dec 2022 00:00:00 GMT',
    id: 709,
    portfolio: 'C2C Demo File to Load_120522',
  },
  { client: 'Concepts2Code', dateplaced: 'Wed, 06 Mar 2024 00:00:00 GMT', id: 710, portfolio: 'C2C 101 120' },
  {
    client: 'Concepts2Code',
    dateplaced: 'Thu, 14 Mar 2024 00:00:00 GMT',
    id: 711,
    portfolio: 'Buffalo Credit',
  },
  {
    client: 'Concepts2Code',
    dateplaced: 'Tue, 26 Mar 2024 00:00:00 GMT',
    id: 712,
    portfolio: 'Buffalo Loans',
  },
  { client: 'C2C', dateplaced: 'Tue, 19 Nov 2024 00:00:00 GMT', id: 715, portfolio: 'New Added Portfolio' },
  {
    client: 'New Client',
    dateplaced: 'Thu, 13 Feb 2025 00:00:00 GMT',
    id: 716,
    portfolio: 'NewPortfolioEdited',
  },
  {
    client: 'Concepts2Code',
    dateplaced: 'Thu, 20 Feb 2025 00:00:00 GMT',
    id: 717,
    portfolio: 'NewPortfolio220256',
  },
  { client: 'C2C', dateplaced: 'Wed, 26 Mar 2025 00:00:00 GMT', id: 720, portfolio: 'NewToday45' },
  {
    client: 'C2C',
    dateplaced: 'Wed, 02 Apr 2025 00:00:00 GMT',
    id: 721,
    portfolio: 'NewPortfolioNameManual',
  },
  {
    client: 'New Client Manual',
    dateplaced: 'Tue, 15 Apr 2025 00:00:00 GMT',
    id: 722,
    portfolio: 'New Portfolio Manual Name',
  },
] as const satisfies readonly Portfolio[];
