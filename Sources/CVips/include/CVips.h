int cvips_version(int part);
