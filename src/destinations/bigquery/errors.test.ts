import { proveCatalogue } from '../testing/catalogue.ts';
import { bigqueryRules } from './errors.ts';
import { bigqueryFixtures } from './errors.fixtures.ts';

proveCatalogue('Google BigQuery', bigqueryRules, bigqueryFixtures);
