'use strict';
const { test, expect } = require('./fixture');
const { defineConfig } = require('./config');
const { Device } = require('./device');
const { Platform } = require('./types');
module.exports = { test, expect, defineConfig, Device, Platform };
