import { describeOwnership } from './support/ownership.js';
import { test } from './support/test.js';

describeOwnership('Chromium', test);
