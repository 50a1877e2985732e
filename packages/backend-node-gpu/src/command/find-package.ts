import { join } from 'node:path';
import {
  findTensorflowPackage,
  type TensorflowPackage,
  type TensorflowPackageName,
} from '../engine/tensorflow-package.ts';

/** The package that the backend beside this command loads, or else (where npx fetched the command alone) that of the user's project. */
export function findPackage(name: TensorflowPackageName, project: string): TensorflowPackage | undefined {
  return (
    findTensorflowPackage(name, import.meta.url) ?? findTensorflowPackage(name, join(project, 'package.json'))
  );
}
