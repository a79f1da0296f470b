#!/bin/sh
git diff --name-only origin/main...HEAD
