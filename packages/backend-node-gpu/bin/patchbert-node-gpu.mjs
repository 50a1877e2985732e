#!/usr/bin/env node
// In a clone this file is linked before anything is built.
import '../dist/main.js';
