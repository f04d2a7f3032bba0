import { proveCatalogue } from '../testing/catalogue.ts';
import { duckdbFixtures } from './errors.fixtures.ts';
import { duckdbRules } from './errors.ts';

proveCatalogue('DuckDB', duckdbRules, duckdbFixtures);
