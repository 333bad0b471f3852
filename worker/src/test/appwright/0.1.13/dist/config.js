'use strict';
const path = require('node:path');
const playwright = require('@playwright/test');

exports.defineConfig = (config) =>
  playwright.defineConfig({
    globalSetup: path.join(__dirname, 'global-setup.js'),
    testDir: './tests',
    retries: process.env.CI ? 2 : 0,
    workers: 2,
    timeout: 0,
    ...config,
    reporter: config.reporter || [['list']],
    use: { expectTimeout: (config.use && config.use.expectTimeout) || 20_000 },
  });
